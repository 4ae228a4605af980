import { isReason } from '../../errors/apiError.ts';
import type { EndpointSlice, Pod } from '../../kinds/schema/types.ts';
import type { ServiceRef, Targets } from '../../ports/cloud.ts';
import { parallel } from '../common/parallel.ts';
import { withCondition } from '../common/pods.ts';
import type { ReconcileContext, Requeue } from '../controller.ts';
import { pods } from '../resources.ts';
import { type Followed, followedOf, namesToFollow, planFollowed } from './followed.ts';

/** A load balancer, as the Pods that wait for it know it. */
export interface Balancer {
  /** Type of its condition in their status. */
  type: string;
  namespace: string;
  /** Is what is served by it. */
  ref: ServiceRef;
  /** Absent where nothing has to be waited for. */
  targets: Targets | undefined;
}

/** Describes how far a load balancer is. */
export interface Reach {
  /** Says whether connections can come by it. */
  exists: boolean;
  /** Returns whether it was told to send connections to a Pod that waits. Default: to each. */
  isRouted?(pod: Pod): boolean;
}

/** Says how soon to try again what somebody else wrote meanwhile. */
const changedMs = 500;
const atOnce = 16;
const nobody: Followed = { waiting: [], ending: [] };

/** Reads the Pods that wait for a load balancer, or for its letting go of them. */
export async function follow(
  { type, namespace, targets }: Balancer,
  slices: EndpointSlice[],
  { client }: ReconcileContext,
): Promise<Followed> {
  if (!targets) return nobody;
  const names = new Set(namesToFollow(slices));
  // One list however many there are: each by itself, their number would count twice.
  const near = names.size > 0 ? await client.list(pods, { namespace }) : [];
  return followedOf(
    type,
    near.filter(({ metadata: { name = '' } }) => names.has(name)),
  );
}

/** Tells each of these Pods how it stands with the load balancer, which has just been told of its targets. */
export async function tellPods(
  { type, ref, targets }: Balancer,
  followed: Followed,
  { exists, isRouted = () => true }: Reach,
  { client, clock }: ReconcileContext,
): Promise<Requeue | undefined> {
  if (!targets || followed.waiting.length + followed.ending.length === 0) return undefined;
  const health = exists ? await targets.health(ref) : undefined;
  const { drainMs } = targets;
  const plan = planFollowed({ type, ...followed, health, isRouted, drainMs, now: clock.now() });
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

/** Opens the gates of Pods that wait for a load balancer which is no more. */
export async function letThrough(balancer: Balancer, ctx: ReconcileContext): Promise<void> {
  const { type, namespace, targets } = balancer;
  if (!targets) return;
  const all = await ctx.client.list(pods, { namespace });
  await tellPods(balancer, { waiting: followedOf(type, all).waiting, ending: [] }, { exists: false }, ctx);
}

/** Asks for another run when the Pods changed: of two concurrent runs, the last to write may have read older ones. */
export async function ifFollowedOtherwise(
  balancer: Balancer,
  followed: Followed,
  slices: EndpointSlice[],
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  if (!balancer.targets) return undefined;
  const uidsOf = (found: Followed) =>
    JSON.stringify(
      [found.waiting, found.ending].map((list) => list.map(({ metadata }) => metadata.uid).sort()),
    );
  const now = await follow(balancer, slices, ctx);
  return uidsOf(now) === uidsOf(followed) ? undefined : { requeueAfterMs: changedMs };
}

/** UIDs of the Pods that are to be routed to although they are not ready. */
export const waitingUids = ({ waiting }: Followed): Set<string> =>
  new Set(waiting.map(({ metadata }) => metadata.uid ?? ''));
