import type { Listing, Page, Scope, Stored } from '../../../shared/ports/storage.ts';
import { beginningOf, type Cursor, encodeCursor } from '../../../shared/storage/log/cursor.ts';
import { unknownRevision } from '../../../shared/storage/log/errors.ts';
import { compareItems, namespacePrefix } from '../../../shared/storage/log/keys.ts';
import { parseRevision } from '../../../shared/storage/log/revision.ts';
import { asOf, takePage } from '../../../shared/storage/log/snapshot.ts';
import type { ForkFinder } from './forks/finder.ts';
import type { Layered } from './forks/layered.ts';
import { LayeredScan } from './forks/layeredScan.ts';
import type { Kept } from './kept.ts';
import { commitMs } from './options.ts';
import { Scan } from './scan.ts';
import type { Table } from './table.ts';
import type { Tail } from './tail.ts';

/** Describes what a list reads with: the table, the log of the space, what forks have, and the lists that this process has kept. */
export interface Sources {
  table: Table;
  tail: Tail;
  kept: Kept;
  layered: Layered;
  forks: ForkFinder;
}

/** From what this process keeps of the scope and the log since; else by a scan. */
export async function list(sources: Sources, scope: Scope, page: Page): Promise<Listing> {
  const { tail, kept } = sources;
  const { limit = 0, at } = page;
  const { cursor, after } = beginningOf(page);
  const past = cursor?.revision ?? (at === undefined ? undefined : parseRevision(at));
  const before = await tail.settle();
  if (past !== undefined && past > before) throw unknownRevision(past, before);
  const known = await kept.find(scope, tail, before);
  if (!known) {
    // After the log was read: a fork says that it begins before its log does.
    const fork = await sources.forks.find(scope.cluster, tail.hasTurned);
    const scan = fork
      ? new LayeredScan({ ...sources, fork }, scope, after)
      : new Scan(sources.table, scope, after);
    return scanned(sources, scope, { limit, cursor, after, past, before, scan });
  }
  const wanted = inScope(scope, after, undefined);
  const changed: States = past === undefined ? new Map() : await rewound(tail, past);
  const items = known.items.filter(([item, stored]) => wanted(item, stored));
  return answered(asOf(items, overlaid(changed, wanted)), past ?? known.revision, limit, cursor);
}

interface Wanted {
  limit: number;
  cursor: Cursor | undefined;
  after: string | undefined;
  past: number | undefined;
  /** The contiguous head. */
  before: number;
  scan: Pick<Scan, 'more' | 'seen' | 'newest' | 'end'>;
}

/**
 * A paged Query is no snapshot, so: the contiguous head before the scan, the scan, the head after it (at least every
 * revision seen), and the log between the two laid over what was scanned.
 */
async function scanned(
  { table, tail, kept }: Sources,
  scope: Scope,
  { limit, cursor, after: start, past, before, scan }: Wanted,
): Promise<Listing> {
  // A transaction may become visible item by item: an entry that is just visible may be ahead of its object.
  const from = Math.min(before, tail.before(table.clock.now() - commitMs));
  // Fails early when it must: a scan costs money.
  if (past !== undefined) await tail.read(past, 1);
  for (;;) {
    // The first page counts the rest; later pages know it and scan no further than they need.
    await scan.more(cursor && limit ? limit + 1 : Number.POSITIVE_INFINITY);
    const after = await tail.settle(scan.newest);
    const changed = past === undefined ? await newest(tail, from, after) : await rewound(tail, past);
    const current = [...scan.seen].map(([item, stored]): [string, Stored] => [item, stored]);
    const wanted = inScope(scope, start, scan.end);
    const all = [...asOf(current, overlaid(changed, wanted))];
    const isWhole =
      scan.end === undefined && start === undefined && scope.owner === undefined && past === undefined;
    if (isWhole) kept.put(scope, all, after);
    if (scan.end !== undefined && all.length < limit) continue;
    return answered(all, past ?? after, limit, cursor);
  }
}

function answered(
  items: Iterable<[string, Stored]>,
  at: number,
  limit: number,
  cursor: Cursor | undefined,
): Listing {
  const { page, remaining } = takePage(items, limit, cursor?.remaining);
  const listing = { items: page.map(([, stored]) => stored), revision: String(at) };
  if (!remaining) return listing;
  return { ...listing, remaining, cursor: encodeCursor({ revision: at, after: page.at(-1)![0], remaining }) };
}

type States = Map<string, Stored | undefined>;

type Wants = (item: string, state: Stored) => boolean;

/** States that are not wanted become absences. */
const overlaid = (changed: States, wanted: Wants): States =>
  new Map([...changed].map(([item, state]) => [item, state && wanted(item, state) ? state : undefined]));

/** Returns what changed after `from`, as it is at `to`. */
async function newest(tail: Tail, from: number, to: number): Promise<States> {
  const states: States = new Map();
  for (const { item, change } of await tail.replay(from, to - from))
    if (change) states.set(item, change.type === 'put' ? change.object : undefined);
  return states;
}

/** Returns what changed after `revision`, as it was then. */
async function rewound(tail: Tail, revision: number): Promise<States> {
  const states: States = new Map();
  for (const { item, change } of await tail.read(revision))
    if (change && !states.has(item)) states.set(item, change.previous);
  return states;
}

const inScope =
  ({ namespace, owner }: Scope, after: string | undefined, end: string | undefined): Wants =>
  (item, state) =>
    (namespace === undefined || item.startsWith(namespacePrefix(namespace))) &&
    (owner === undefined || !!state.index.owners?.includes(owner)) &&
    (after === undefined || compareItems(item, after) > 0) &&
    (end === undefined || compareItems(item, end) <= 0);
