import { formatTime } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { PodObservation } from '../../ports/cloud.ts';
import { balancerCondition, balances, balancing, gatedServices, isGateOpen } from '../common/balancing.ts';
import type { ReconcileContext } from '../controller.ts';
import { services } from '../resources.ts';

/** The Pod, with those gates open whose Service has no load balancer any more: nobody else would open them. */
export async function withOpenGates(
  pod: Pod,
  seen: PodObservation,
  { client, clock }: ReconcileContext,
): Promise<Pod> {
  const closed = gatedServices(pod).filter((name) => !isGateOpen(pod, balancerCondition(name)));
  if (closed.length === 0 || !seen.containerStatuses.every(({ ready }) => ready)) return pod;
  let { conditions = [] } = pod.status ?? {};
  for (const name of closed) {
    const service = await client.get(services, pod.metadata.namespace ?? '', name);
    if (service && balances(service, pod)) continue;
    const type = balancerCondition(name);
    const lastTransitionTime = formatTime(clock.now());
    conditions = [
      ...conditions.filter((condition) => condition.type !== type),
      { type, status: 'True', reason: balancing.none, lastTransitionTime },
    ];
  }
  return { ...pod, status: { ...pod.status, conditions } };
}
