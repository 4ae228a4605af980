import type { Listing, Page, Scope } from '../../../shared/ports/storage.ts';
import { beginningOf, encodeCursor } from '../../../shared/storage/log/cursor.ts';
import { unknownRevision } from '../../../shared/storage/log/errors.ts';
import { compareItems, namespacePrefix, spaceOf } from '../../../shared/storage/log/keys.ts';
import { parseRevision } from '../../../shared/storage/log/revision.ts';
import { asOf, takePage } from '../../../shared/storage/log/snapshot.ts';
import { decodeEntry } from './record.ts';
import { Slab } from './slab.ts';
import type { Tables } from './tables.ts';

/** From here on values share memory. */
const manyItems = 64;

/** As Storage.list: pointers first, so that counting and skipping touch no values. */
export function list(tables: Tables, scope: Scope, wanted: Page): Listing {
  const { limit = 0, at } = wanted;
  const space = spaceOf(scope);
  const { head } = tables.state(space);
  const { cursor, after } = beginningOf(wanted);
  const revision = cursor?.revision ?? (at === undefined ? head : parseRevision(at));
  if (revision > head) throw unknownRevision(revision, head);
  const { namespace, owner } = scope;
  const now =
    owner === undefined
      ? tables.items(space, namespace, after)
      : tables.owned(space, owner, namespace, after);
  const pointers = revision === head ? now : asOf(now, rewind(tables, space, scope, revision, after));
  const { page, remaining } = takePage(pointers, limit, cursor?.remaining);
  const slab = page.length > manyItems ? new Slab() : undefined;
  const items = page.map(([item, pointer]) => tables.load(space, item, pointer, slab));
  const listing = { items, revision: String(revision) };
  if (!remaining) return listing;
  return { ...listing, remaining, cursor: encodeCursor({ revision, after: page.at(-1)![0], remaining }) };
}

/** Returns what changed after `revision`, as it was then, as far as it belongs to the scope and comes after `after`. */
function rewind(tables: Tables, space: string, { namespace, owner }: Scope, revision: number, after = '') {
  const prefix = namespace === undefined ? '' : namespacePrefix(namespace);
  const past = new Map<string, number | undefined>();
  for (const [, record] of tables.entries(space, revision)) {
    const { item, previous } = decodeEntry(record);
    if (past.has(item)) continue;
    const inScope =
      previous &&
      item.startsWith(prefix) &&
      (!after || compareItems(item, after) > 0) &&
      (owner === undefined || tables.load(space, item, previous).index.owners?.includes(owner));
    past.set(item, inScope ? previous : undefined);
  }
  return past;
}
