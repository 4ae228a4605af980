import { mayForget, type Retention } from '../../../shared/storage/log/retention.ts';
import type { SpaceState } from './states.ts';
import type { Tables } from './tables.ts';

export interface Forgotten {
  /** The log's new beginning. */
  floor: number;
  /** Records that nobody can ask for any more. */
  revisions: number[];
}

/**
 * Returns which of the oldest changes on disk, at most `budget`, may go; `durable` is the newest revision there. The
 * state before a forgotten change goes with it, unless a fork shows it, and so does a forgotten deletion; what is
 * current stays.
 */
export function forgettable(
  tables: Tables,
  space: string,
  { head, floor: from }: SpaceState,
  durable: number,
  retention: Retention,
  now: number,
  budget: number,
): Forgotten {
  const revisions: number[] = [];
  let floor = from;
  // The first look is at numbers alone: usually nothing is due.
  const least = Math.min(retention.keepAtLeast, retention.keepAtMost);
  while (floor < durable && floor - from < budget && head - floor > least) {
    const { at, previous, type, item } = tables.entry(space, floor + 1);
    if (!mayForget(retention, head - floor, at, now)) break;
    floor++;
    if (previous && !tables.layers.isRead(space, previous, floor)) revisions.push(previous);
    if (type === 'delete' || !item) revisions.push(floor);
  }
  return { floor, revisions };
}
