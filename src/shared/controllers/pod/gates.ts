import type { Reader } from '../../client/client.ts';
import { formatTime } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { PodObservation } from '../../ports/cloud.ts';
import { balancerGates, balancing, isGateOpen } from '../common/balancing.ts';
import type { ReconcileContext } from '../controller.ts';

/** What decides about a Pod beside its runtime: the time, and the load balancers that it waits for. */
export type Around = Pick<ReconcileContext, 'clock' | 'env'> & { client: Reader };

/** The Pod, with those gates open that wait for no load balancer any more: nobody else would open them. */
export async function withOpenGates(
  pod: Pod,
  seen: PodObservation,
  { client, clock, env }: Around,
): Promise<Pod> {
  const closed = balancerGates(pod).filter((type) => !isGateOpen(pod, type));
  if (!env.balancersOf || closed.length === 0 || !seen.containerStatuses.every(({ ready }) => ready))
    return pod;
  const balancers = await env.balancersOf(client, pod);
  const open = closed.filter((type) => !balancers.includes(type));
  const lastTransitionTime = formatTime(clock.now());
  const conditions = [
    ...(pod.status?.conditions ?? []).filter(({ type }) => !open.includes(type)),
    ...open.map((type) => ({ type, status: 'True', reason: balancing.none, lastTransitionTime }) as const),
  ];
  return { ...pod, status: { ...pod.status, conditions } };
}
