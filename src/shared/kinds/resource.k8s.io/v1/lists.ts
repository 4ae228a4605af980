import type { Cause } from '../../../errors/apiError.ts';
import { duplicate, tooMany } from '../../validation/causes.ts';

type Check<T> = (item: T, at: string, index: number) => Cause[];

/** Findings about the items of a list; of one that is too long no item is looked at. */
export const validList = <T>(field: string, items: readonly T[], most: number, check: Check<T>): Cause[] =>
  items.length > most
    ? [tooMany(field, items.length, most)]
    : items.flatMap((item, i) => check(item, `${field}[${i}]`, i));

/** As validList, and each key may stand in it once. */
export function validSet<T>(
  field: string,
  items: readonly T[],
  most: number,
  check: Check<T>,
  keyOf: (item: T) => string,
  shown: (item: T) => unknown = keyOf,
): Cause[] {
  const causes = validList(field, items, most, check);
  if (items.length > most) return causes;
  const seen = new Set<string>();
  items.forEach((item, i) => {
    const key = keyOf(item);
    if (seen.has(key)) causes.push(duplicate(`${field}[${i}]`, shown(item)));
    seen.add(key);
  });
  return causes;
}
