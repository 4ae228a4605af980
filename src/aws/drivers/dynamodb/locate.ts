import { firstRevision } from '../../../shared/storage/log/revision.ts';
import { logPlace, numberOf, textOf } from './layout.ts';
import type { Table } from './table.ts';

/** Of the first query; each further one reads as many as all before it, so that many writes cost few queries. */
const firstPage = 25;

export type Located =
  | { head: number }
  /** Writers are under way and nothing tells where they began. */
  | { retryAfterMs: number };

/**
 * A settled revision from which the log can be read on, for a process that knows none: nothing at or before it is
 * still to be written, because its reservation is older than `graceMs`, or because an entry says so.
 */
export async function locate(
  table: Table,
  space: string,
  now: number,
  { graceMs, keptMs }: { graceMs: number; keptMs: number },
): Promise<Located> {
  const counter = await table.counter(space);
  // Nothing was reserved lately: whatever has not been written will never be.
  if (counter.touched < now - graceMs) return { head: counter.revision };
  let settled = counter.previously && counter.previously < now - graceMs ? counter.revision - 1 : 0;
  const { pk } = logPlace(space, 0);
  let start: Parameters<Table['page']>[1];
  let looked = 0;
  do {
    const { items, next } = await table.page(
      { pk, descending: true, limit: Math.max(firstPage, looked) },
      start,
    );
    looked += items.length;
    for (const item of items) {
      const revision = Number(textOf(item, 'sk'));
      const endsAll = ['drop', 'begin'].includes(textOf(item, 'type'));
      if (numberOf(item, 'at') < now - graceMs || endsAll) return { head: revision };
      settled = Math.max(settled, numberOf(item, 'settled') || 0);
      if (revision <= settled + 1) return { head: settled };
    }
    start = next;
  } while (start);
  if (settled) return { head: settled };
  if (counter.born > now - keptMs) return { head: firstRevision };
  return { retryAfterMs: counter.touched + graceMs - now };
}
