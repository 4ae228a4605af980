import type { Query } from '../../shared/api/http/target.ts';
import type { Attributes } from '../../shared/auth/authorize.ts';
import type { Held } from './held.ts';

const bytesPerSeat = 100_000;
/** A list is answered in parts, of which no more is in memory at once. */
const mostBytes = 1_000_000;
const mostSeats = 100;

/**
 * Returns how many seats a request takes: one, but a list (and a watch that begins with one) by how much it reads, as
 * upstream's list_work_estimator does. `most`: of its level; 0 where that sets none.
 */
export function seatsOf(
  { verb, name }: Attributes,
  query: Query,
  heldNow: () => Held | undefined,
  most: number,
): number {
  if (verb !== 'list' && !(verb === 'watch' && beginsWithAll(query))) return 1;
  const held = heldNow();
  if (!held || held.count === 0) return 1;
  const limit = Number(query.get('limit')) || 0;
  const read = name ? 1 : limit > 0 ? Math.min(limit, held.count) : held.count;
  const bytes = Math.min((read * held.bytes) / held.count, mostBytes);
  const highest = most === 0 ? mostSeats : Math.min(most, mostSeats);
  return Math.max(1, Math.min(Math.ceil(bytes / bytesPerSeat), highest));
}

function beginsWithAll(query: Query): boolean {
  const revision = query.get('resourceVersion') ?? '';
  return query.flag('sendInitialEvents') || revision === '' || revision === '0';
}
