import type { Cause } from '../../errors/apiError.ts';
import { invalidValue } from './causes.ts';

/** No element of the path leads upwards. */
export const withoutBacksteps = (field: string, path: string): Cause[] =>
  path.split('/').includes('..') ? [invalidValue(field, path, "must not contain '..'")] : [];

/** A path below some folder. */
export const descendingPath = (field: string, path: string): Cause[] => [
  ...(path.startsWith('/') ? [invalidValue(field, path, 'must be a relative path')] : []),
  ...withoutBacksteps(field, path),
];

/** As descendingPath; names that start with two dots belong to the volume itself. */
export function unreservedPath(field: string, path: string): Cause[] {
  const causes = descendingPath(field, path);
  // A path that starts with `../` has been reported.
  if (path.startsWith('..') && !path.startsWith('../')) {
    causes.push(invalidValue(field, path, "must not start with '..'"));
  }
  return causes;
}

/** Returns a cause when the mode has bits beyond 0777. An absent mode is in order. */
export const fileMode = (field: string, mode: number | undefined): Cause[] =>
  mode !== undefined && (mode > 0o777 || mode < 0)
    ? [invalidValue(field, mode, 'must be a number between 0 and 0777 (octal), both inclusive')]
    : [];
