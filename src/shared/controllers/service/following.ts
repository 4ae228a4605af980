import { isReason } from '../../errors/apiError.ts';
import type { EndpointSlice } from '../../kinds/schema/types.ts';
import type { ServiceRef } from '../../ports/cloud.ts';
import { parallel } from '../common/parallel.ts';
import { withCondition } from '../common/pods.ts';
import type { ReconcileContext, Requeue } from '../controller.ts';
import { pods } from '../resources.ts';
import { type Followed, followedOf, namesToFollow, planFollowed } from './followed.ts';

/** How soon to try again what somebody else wrote meanwhile. */
const changedMs = 500;
const atOnce = 16;

/** Reads the Pods that wait for the load balancer of a Service, or for its letting go of them. */
export async function follow(
  ref: ServiceRef,
  slices: EndpointSlice[],
  { client }: ReconcileContext,
): Promise<Followed> {
  const names = new Set(namesToFollow(slices));
  // One list however many there are: each by itself, their number would count twice.
  const near = names.size > 0 ? await client.list(pods, { namespace: ref.namespace }) : [];
  return followedOf(
    ref,
    near.filter(({ metadata: { name = '' } }) => names.has(name)),
  );
}

/**
 * Tells each of these Pods how it stands with the load balancer, which has just been told of its targets. `exists`:
 * whether connections can come by it.
 */
export async function tellPods(
  ref: ServiceRef,
  followed: Followed,
  exists: boolean,
  { client, cloud, clock }: ReconcileContext,
): Promise<Requeue | undefined> {
  const { targets } = cloud.loadBalancers;
  if (!targets || followed.waiting.length + followed.ending.length === 0) return undefined;
  const health = exists ? await targets.health(ref) : undefined;
  const { drainMs } = targets;
  const plan = planFollowed({ service: ref, ...followed, health, drainMs, now: clock.now() });
  let { againMs } = plan;
  await parallel(plan.set, atOnce, async ({ pod, condition }) => {
    try {
      await client.updateStatus(pods, { ...pod, status: withCondition(pod, condition) });
    } catch (error) {
      if (isReason(error, 'Conflict')) againMs = changedMs;
      else if (!isReason(error, 'NotFound')) throw error;
    }
  });
  return againMs === undefined ? undefined : { requeueAfterMs: againMs };
}

/** Opens the gates of Pods that wait for a Service which has no load balancer any more. */
export async function letThrough(ref: ServiceRef, ctx: ReconcileContext): Promise<void> {
  if (!ctx.cloud.loadBalancers.targets) return;
  const all = await ctx.client.list(pods, { namespace: ref.namespace });
  await tellPods(ref, { waiting: followedOf(ref, all).waiting, ending: [] }, false, ctx);
}

/** Asks for another run when the Pods changed: of two concurrent runs, the last to write may have read older ones. */
export async function ifFollowedOtherwise(
  ref: ServiceRef,
  followed: Followed,
  slices: EndpointSlice[],
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  if (!ctx.cloud.loadBalancers.targets) return undefined;
  const uidsOf = (found: Followed) =>
    JSON.stringify(
      [found.waiting, found.ending].map((list) => list.map(({ metadata }) => metadata.uid).sort()),
    );
  const now = await follow(ref, slices, ctx);
  return uidsOf(now) === uidsOf(followed) ? undefined : { requeueAfterMs: changedMs };
}
