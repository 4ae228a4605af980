import { boundedSeconds } from '../../clock/seconds.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { drainedAt } from '../common/balancing.ts';

/**
 * Whole seconds of grace that a Pod being deleted still has, rounded up: a restart of the control plane does not start
 * them anew. Its deletionTimestamp has lost its fraction of a second, which the Pod gets as a whole: whoever looks
 * just after the turn of a second would else take up to one from it. The grace counts from when load balancers let go.
 */
export function graceLeft(pod: Pod, now: number): number {
  const { metadata, spec } = pod;
  const grace = boundedSeconds(
    metadata.deletionGracePeriodSeconds ?? spec?.terminationGracePeriodSeconds ?? 30,
  );
  const heldUntil = drainedAt(pod) ?? 0;
  const lastMoment = Math.max(Date.parse(metadata.deletionTimestamp ?? ''), heldUntil + grace * 1000) + 1000;
  return Math.max(0, Math.min(grace, Math.ceil((lastMoment - now) / 1000)));
}
