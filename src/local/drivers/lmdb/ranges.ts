import type { Database } from 'lmdb';
import { namespacePrefix, separator } from '../../../shared/storage/log/keys.ts';
import type { Part } from './layered.ts';

const afterSeparator = '\x20';
/** Keys that begin with `prefix`, which ends with the separator. */
export const under = (prefix: string) => ({ start: prefix, end: prefix.slice(0, -1) + afterSeparator });

/** The keys of a part of a space, which begin with `base`. */
export function rangeOf(space: string, { namespace, after = '' }: Part) {
  const base = space + separator;
  const range = under(namespace === undefined ? base : base + namespacePrefix(namespace));
  if (base + after > range.start) range.start = base + after;
  return { base, range };
}

/** Returns what follows `base` in the keys of a table of owners. */
export function* ownersRange(table: Database<number, string>, base: string, { namespace, after = '' }: Part) {
  const range = under(namespace === undefined ? base : base + namespacePrefix(namespace));
  if (base + after > range.start) range.start = base + after;
  for (const key of table.getKeys(range)) {
    const item = key.slice(base.length);
    if (item !== after) yield item;
  }
}

export function ownerKey(space: string, owner: string, item: string): string {
  const [cluster, resource] = space.split(separator);
  return [cluster, owner, resource, item].join(separator);
}
