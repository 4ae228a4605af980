import { boundedSeconds } from '../clock/seconds.ts';
import type { Pod } from '../kinds/schema/types.ts';

/** Returns when `activeDeadlineSeconds` of a Pod are over, in milliseconds since the epoch; Infinity for a Pod that has none, or has not begun. */
export function deadlineOf({ spec, status }: Pod): number {
  if (spec?.activeDeadlineSeconds === undefined || !status?.startTime) return Number.POSITIVE_INFINITY;
  return Date.parse(status.startTime) + boundedSeconds(spec.activeDeadlineSeconds) * 1000;
}
