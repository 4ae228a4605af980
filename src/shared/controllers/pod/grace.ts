import { boundedSeconds } from '../../clock/seconds.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { drainedAt } from '../common/balancing.ts';

/**
 * Returns how many whole seconds of grace a Pod being deleted still has, rounded up; a restart of the control plane does
 * not start them anew. deletionTimestamp has no fraction of a second, so the Pod gets a whole second for it: otherwise a
 * look just after the turn of a second would cut up to one second. Grace starts when load balancers have let go.
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
