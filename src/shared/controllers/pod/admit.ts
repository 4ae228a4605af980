import { formatTime } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { withCondition } from '../common/pods.ts';
import type { ReconcileContext, Requeue } from '../controller.ts';
import { nodes, pods } from '../resources.ts';
import { crowdOf } from './crowd.ts';
import { displaced, leavingCondition } from './displace.ts';
import { judge, type Rejection } from './judge.ts';
import { rejectedStatus } from './rejected.ts';
import { report } from './report.ts';

/** Says how soon a node is looked at again that Pods are leaving. */
const leavingMs = 1_000;

/** Describes whether a Pod may start; what waits for others to leave is looked at again. */
export interface Admission {
  isTaken: boolean;
  again?: Requeue;
}

/** Asks the node of a Pod that has not started, and does what it says to those that it does not take. */
export async function admit(object: Pod, isVirtual: boolean, ctx: ReconcileContext): Promise<Admission> {
  const node = await ctx.client.get(nodes, '', object.spec?.nodeName ?? '');
  if (!node) return { isTaken: true };
  const all = await ctx.client.list(pods);
  if (crowdOf(ctx.client).become(all).hasRoomFor(object, node)) return { isTaken: true };
  // On a machine one that was taken a moment ago may run before its status says so.
  const running = new Set(isVirtual ? [] : (await ctx.cloud.pods.list()).map(({ uid }) => uid));
  const { rejection, leaving } = judge(object, node, all, running);
  if (rejection) await reject(object, rejection, ctx);
  if (leaving) await parallel(leaving, 16, (victim) => displace(victim, ctx));
  return { isTaken: !rejection && !leaving, ...(leaving && { again: { requeueAfterMs: leavingMs } }) };
}

/** Ends a Pod at once that its node cannot take. */
async function reject(object: Pod, rejection: Rejection, ctx: ReconcileContext): Promise<void> {
  await report(object, rejectedStatus(object, rejection, ctx.clock.now()), ctx);
  ctx.events(object, { type: 'Warning', ...rejection, host: object.spec?.nodeName ?? '' });
}

/** Tells a Pod to leave its node for a critical one: its own turn ends it. */
async function displace(victim: Pod, ctx: ReconcileContext): Promise<void> {
  const condition = {
    ...leavingCondition,
    lastProbeTime: null as unknown as string,
    lastTransitionTime: formatTime(ctx.clock.now()),
    ...(victim.metadata.generation && { observedGeneration: victim.metadata.generation }),
  };
  await unlessGone(ctx.client.updateStatus(pods, { ...victim, status: withCondition(victim, condition) }));
  ctx.events(victim, { type: 'Warning', ...displaced, host: victim.spec?.nodeName ?? '' });
}
