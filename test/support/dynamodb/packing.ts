import { seededIds } from '../../../src/shared/clock/seededIds.ts';

/**
 * Which processes of a history pack log entries, by their serial, as the history's seed says: all of them; none, in a table of
 * an earlier format; or some, as while a table is raised.
 */
export function packingOf(seed: number): (serial: number) => boolean {
  const kind = seed % 3;
  const draws = (serial: number) => seededIds(seed * 1_000 + serial + 500).random() < 0.5;
  return (serial) => kind === 0 || (kind === 1 && draws(serial));
}
