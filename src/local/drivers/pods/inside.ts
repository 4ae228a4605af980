import { relative, sep } from 'node:path';

/** Is a path this folder, or below it? */
export function isInside(folder: string, path: string): boolean {
  const [first] = relative(folder, path).split(sep);
  return first !== '..';
}
