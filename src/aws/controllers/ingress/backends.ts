import { ingressCondition } from '../../../shared/controllers/common/balancing.ts';
import type { ReconcileContext } from '../../../shared/controllers/controller.ts';
import {
  type Read,
  readBackends as readNamed,
  reportMissing,
} from '../../../shared/controllers/ingress/backends.ts';
import type { Followed } from '../../../shared/controllers/service/followed.ts';
import { type Balancer, follow, waitingUids } from '../../../shared/controllers/service/following.ts';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import type { IngressRef } from '../../../shared/ports/cloud.ts';
import { backendsOf, missingActions } from './plan.ts';

export interface FollowedRead extends Read {
  followed: Followed;
}

/** The load balancer of a place, as Pods behind one of its Ingresses know it. */
export const balancerFor = (
  ref: IngressRef,
  { metadata }: Pick<Ingress, 'metadata'>,
  { cloud }: ReconcileContext,
): Balancer => ({
  type: ingressCondition(metadata.name ?? ''),
  namespace: metadata.namespace ?? '',
  ref,
  targets: cloud.ingresses?.targets,
});

/**
 * Reads what an Ingress leads to, its annotated actions too, with the Pods that wait for the load balancer. What does not
 * exist gets an Event, and is answered by 503.
 */
export async function readBackends(
  ref: IngressRef,
  ingress: Ingress,
  ctx: ReconcileContext,
): Promise<FollowedRead> {
  for (const annotation of missingActions(ingress)) reportMissing(ingress, `annotation ${annotation}`, ctx);
  let followed: Followed = { waiting: [], ending: [] };
  const read = await readNamed(ingress, backendsOf(ingress), ctx, async (slices) => {
    followed = await follow(balancerFor(ref, ingress, ctx), slices, ctx);
    return waitingUids(followed);
  });
  return { ...read, followed };
}
