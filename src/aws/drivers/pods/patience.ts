import type { Pod } from '../../../shared/kinds/schema/types.ts';

const longestMs = 300_000;

/**
 * Returns when to look again at a Pod that waits for something which nobody announces: after a tenth of its age, so
 * that one that is new gets on quickly and one that is stuck costs little.
 */
export function patienceMs({ metadata }: Pod, now: number, leastMs: number, mostMs = longestMs): number {
  const age = now - (Date.parse(metadata.creationTimestamp ?? '') || now);
  return Math.round(Math.min(mostMs, Math.max(leastMs, age / 10)));
}
