import { itemOf } from '../../../../shared/storage/log/keys.ts';
import { logPlace, objectPlace, ownerPlace } from '../layout.ts';
import { commitMs, type Timings } from '../options.ts';
import { type Entry, revisionIn } from '../records.ts';
import type { Table } from '../table.ts';

/** A base in which more was written lately is waited for instead. */
const fewEntries = 100;

/**
 * Waits until all that was written up to a revision shows: a transaction may become visible item by item, its entry in the
 * log before its object. Costs a read of the newest entries, and some for each object that was written lately.
 */
export async function visibleUpTo(
  table: Table,
  space: string,
  revision: number,
  { graceMs, holePollMs }: Pick<Timings, 'graceMs' | 'holePollMs'>,
): Promise<void> {
  const began = table.clock.now();
  const { pk, sk } = logPlace(space, revision);
  const range = { pk, from: logPlace(space, 0).sk, to: sk, descending: true, limit: fewEntries };
  const { items, next } = await table.page(range);
  const entries = await Promise.all(items.map((item) => table.entry(space, item)));
  const recent = entries.filter((entry) => entry !== undefined).filter(({ at }) => at >= began - graceMs);
  const newest = new Map<string, Entry>();
  for (const entry of recent.reverse()) if (entry.change) newest.set(entry.item, entry);
  const isKnown = !next || recent.length < items.length;
  while (table.clock.now() - began < commitMs) {
    if (isKnown) {
      const shown = await Promise.all([...newest.values()].map((entry) => isVisible(table, space, entry)));
      if (shown.every(Boolean)) return;
    }
    await table.clock.sleep(holePollMs);
  }
}

async function isVisible(table: Table, space: string, { change, revision }: Entry): Promise<boolean> {
  const { key, index } = change!.object;
  const item = itemOf(key);
  const state = await table.get(objectPlace(space, item));
  if (change!.type === 'delete') return !state || revisionIn(state) >= revision;
  if (!state || revisionIn(state) < revision) return false;
  if (revisionIn(state) > revision) return true;
  const owners = await Promise.all(
    (index.owners ?? []).map((owner) => table.get(ownerPlace(space, owner, item))),
  );
  return owners.every(Boolean);
}
