/** Rules that many kinds share; each gives its findings for one field. */
import type { Cause } from '../../errors/apiError.ts';
import { invalidValue, notSupported, required } from './causes.ts';
import { isSame } from './same.ts';

/** Is the message about a field that may not change after creation. */
export const fieldImmutable = 'field is immutable';

/** One finding for each message of a checker (see meta/names.ts). */
export const checked = <V>(field: string, value: V, check: (value: V) => string[]): Cause[] =>
  check(value).map((why) => invalidValue(field, value, why));

/** Returns a cause when the number is below zero. An absent number is in order. */
export const nonNegative = (field: string, value: number | undefined): Cause[] =>
  value !== undefined && value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : [];

/** Returns a cause when the number is not above zero. */
export const positive = (field: string, value: number): Cause[] =>
  value > 0 ? [] : [invalidValue(field, value, 'must be greater than 0')];

/** As `positive`, for the fields about which Kubernetes writes the number out. */
export const greaterThanZero = (field: string, value: number): Cause[] =>
  value > 0 ? [] : [invalidValue(field, value, 'must be greater than zero')];

/** @param shown where Kubernetes shows something else than the new value. */
export const immutable = (
  field: string,
  value: unknown,
  old: unknown,
  shown: () => unknown = () => value,
): Cause[] => (isSame(value, old) ? [] : [invalidValue(field, shown(), fieldImmutable)]);

/** An enum that must be there. */
export function oneOf(field: string, value: string | undefined, supported: readonly string[]): Cause[] {
  if (!value) return [required(field)];
  return supported.includes(value) ? [] : [notSupported(field, value, supported)];
}

/** Returns a cause when the number is no port: 1 to 65535. */
export const portNumber = (field: string, port: number): Cause[] =>
  port >= 1 && port <= 65535 ? [] : [invalidValue(field, port, 'must be between 1 and 65535, inclusive')];
