import { boundedSeconds } from '../../clock/seconds.ts';
import type { Pod } from '../../kinds/schema/types.ts';

/**
 * Whole seconds of grace that a Pod being deleted still has, rounded up: a restart of the control plane does not start
 * them anew. Its deletionTimestamp has lost its fraction of a second, which the Pod gets as a whole: whoever looks
 * just after the turn of a second would else take up to one from it.
 */
export function graceLeft({ metadata, spec }: Pod, now: number): number {
  const grace = boundedSeconds(
    metadata.deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30,
  );
  const lastMoment = Date.parse(metadata.deletionTimestamp ?? '') + 1000;
  return Math.max(0, Math.min(grace, Math.ceil((lastMoment - now) / 1000)));
}
