import { mayForget, type Retention } from '../log/retention.ts';
import type { SpaceState, Tables } from './tables.ts';

/**
 * Forgets up to `budget` of the oldest changes, in the open transaction, and moves `state.floor`. Called with what is
 * on disk: `durable` is the newest revision there. The state before a forgotten change goes with it, and so does
 * a forgotten deletion; what is current stays.
 */
export function compact(
  tables: Tables,
  space: string,
  state: SpaceState,
  durable: number,
  retention: Retention,
  now: number,
  budget: number,
): void {
  for (let n = 0; n < budget && state.floor < durable; n++) {
    const count = state.head - state.floor;
    // Without a look at the disk, in the usual case that nothing is due.
    if (count <= Math.min(retention.keepAtLeast, retention.keepAtMost)) return;
    const revision = state.floor + 1;
    const { at, previous, type } = tables.entry(space, revision);
    if (!mayForget(retention, count, at, now)) return;
    if (previous) tables.log.remove([space, previous]);
    if (type === 'delete') tables.log.remove([space, revision]);
    state.floor = revision;
  }
}
