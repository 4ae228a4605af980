import { boundedSeconds } from '../../clock/seconds.ts';
import type { Pod, PodStatus } from '../../kinds/schema/types.ts';
import { deadlineOf } from '../../podspec/deadline.ts';
import type { PodObservation, PodRef } from '../../ports/cloud.ts';
import { standing } from '../common/clusters.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { isTerminal } from '../common/pods.ts';
import {
  type Controller,
  type ReconcileContext,
  type Requeue,
  type WorkKey,
  watching,
} from '../controller.ts';
import { nodes, pods } from '../resources.ts';
import { admit } from './admit.ts';
import { asAllocated } from './allocated.ts';
import { displaced, isLeaving } from './displace.ts';
import { withOpenGates } from './gates.ts';
import { graceLeft } from './grace.ts';
import { isUnjudged } from './judge.ts';
import { heldMs } from './letGo.ts';
import { report } from './report.ts';
import { type PendingResize, pendingResize, resizeMessage } from './resizing.ts';
import { statusOf } from './status.ts';
import { keyOfPod, surveyPods } from './survey.ts';

const sweep = 'runtime';
/** Functions of an earlier version, which may still run during an upgrade on AWS, treat this key as a Pod that is gone. */
const everyPod = 'pods/all';

/** Does what a kubelet does: runs bound Pods, reports their status and stops them. A key's name is `<pod>/<uid>`: one incarnation. */
export const pod: Controller = {
  group: 'pods',
  name: 'kubelet',
  concurrency: 64,
  watches: [
    watching<Pod>({
      resource: pods,
      keys: (p, old) =>
        (p.spec?.nodeName || p.metadata.deletionTimestamp) && !(old && isOwnReport(p, old))
          ? [keyFor(p)]
          : [],
    }),
  ],
  always: () => [{ namespace: '', name: sweep }],
  survey: { namespace: '', name: everyPod },
  async *wakes(cloud, signal) {
    for await (const { cluster, namespace, name, uid } of cloud.pods.changes(signal))
      yield { cluster, ...keyOfPod({ namespace, name, uid }) };
  },
  reconcile(key, ctx) {
    if (key.name === sweep) return sweepRuntime(key.cluster, ctx);
    return key.name === everyPod ? surveyPods(key.cluster, ctx) : reconcilePod(key, ctx);
  },
};
const keyFor = (pod: Pod) => keyOfPod(pod.metadata);

/**
 * Only what is reported here has changed: to look at the Pod again would tell nothing new, and on AWS cost a call. An
 * object that is offered again, as it is, is no report. A cache may know of a binding or deletion before its event
 * comes, so that these are never taken for one.
 */
function isOwnReport(pod: Pod, old: Pod): boolean {
  if (pod === old || !pod.status?.startTime || pod.metadata.deletionTimestamp) return false;
  const asked = ({ metadata, spec, status }: Pod) => [
    { annotations: {}, ...metadata, resourceVersion: '', managedFields: [] },
    spec,
    (spec?.readinessGates ?? []).map(({ conditionType }) =>
      status?.conditions?.find(({ type }) => type === conditionType),
    ),
    isLeaving({ metadata, status }),
  ];
  return same(asked(pod), asked(old));
}

async function reconcilePod(key: WorkKey, ctx: ReconcileContext): Promise<Requeue | undefined> {
  const [name = '', uid = ''] = key.name.split('/');
  // A key of a later version is no Pod's, and nothing of anybody is to be discarded for it.
  if (!uid) return undefined;
  const ref: PodRef = { cluster: key.cluster, namespace: key.namespace, name, uid };
  const object = await ctx.client.get(pods, key.namespace, name);
  if (object?.metadata.uid !== uid) return discard(ref, ctx);
  const node = ctx.cloud.pods.nodes().find((n) => n.name === object.spec?.nodeName);
  if (object.spec?.nodeName && !node) return undefined;
  if (object.metadata.deletionTimestamp) return end(ref, object, ctx);
  if (isTerminal(object)) return undefined;
  if (isLeaving(object)) return fail(ref, object, displaced, ctx);
  const isVirtual = node?.virtual === true;
  const isWaiting = isUnjudged(object, isVirtual);
  // One that runs already was taken before.
  if (isWaiting && !(await ctx.cloud.pods.observe(ref, object))) {
    const admission = await admit(object, isVirtual, ctx);
    if (!admission.isTaken) return admission.again;
  }
  return run(ref, object, ctx);
}

async function run(ref: PodRef, object: Pod, ctx: ReconcileContext): Promise<Requeue | undefined> {
  const { client, cloud, clock, env } = ctx;
  const remainingMs = deadlineOf(object) - clock.now();
  if (remainingMs <= 0) return fail(ref, object, expired, ctx);
  const allocated = asAllocated(object);
  const pending = allocated && (await judgedResize(object, ctx));
  const given = (pending && allocated) ?? object;
  await cloud.pods.ensure(ref, given, env.podSources(client, ref.cluster, given));
  const seen = await cloud.pods.observe(ref, given);
  const shown = seen ? await withOpenGates(object, seen, ctx) : object;
  const status = seen ? statusOf(shown, seen, clock.now(), pending) : object.status;
  // If the Pod was removed meanwhile, the removal may have looked at the runtime before the start here. A report that
  // was taken says that it was not.
  if (!(status && (await report(object, status, ctx)))) {
    const current = await client.get(pods, ref.namespace, ref.name);
    if (current?.metadata.uid !== ref.uid) return discard(ref, ctx);
  }
  // The deadline counts from the first report.
  const retryMs = pending?.reason === 'Deferred' ? resizeRetryMs : Number.POSITIVE_INFINITY;
  return again(Math.min(retryMs, deadlineOf({ ...object, status }) - clock.now()), seen);
}

/** Says how soon the node is looked at again that had no room for a resize. */
const resizeRetryMs = 3_000;

/**
 * Returns why a Pod does not get the resources that its spec asks for now; undefined when it does. Says so in an Event,
 * once.
 */
async function judgedResize(object: Pod, ctx: ReconcileContext): Promise<PendingResize | undefined> {
  const { client, events } = ctx;
  const { uid = '', generation = 0 } = object.metadata;
  const host = object.spec?.nodeName ?? '';
  const node = await client.get(nodes, '', host);
  const pending = node && pendingResize(object, node, await client.list(pods));
  const reason = pending ? `Resize${pending.reason}` : 'ResizeStarted';
  events(object, {
    type: pending ? 'Warning' : 'Normal',
    reason,
    message: resizeMessage(
      object,
      pending ? `Pod resize ${pending.reason}` : 'Pod resize started',
      pending?.message,
    ),
    host,
    once: `${reason} ${generation} ${uid}`,
  });
  return pending;
}

function again(ms: number, seen?: PodObservation): Requeue | undefined {
  const requeueAfterMs = Math.min(ms, seen?.lookAgainMs ?? Number.POSITIVE_INFINITY);
  return requeueAfterMs < Number.POSITIVE_INFINITY ? { requeueAfterMs } : undefined;
}

const expired = {
  reason: 'DeadlineExceeded',
  message: 'Pod was active on the node longer than the specified deadline',
};

/** Stops a Pod in its own time, and says then why it has failed. */
async function fail(
  ref: PodRef,
  object: Pod,
  why: { reason: string; message: string },
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const { cloud, clock, events } = ctx;
  await cloud.pods.stop(ref, graceOf(object));
  const seen = await cloud.pods.observe(ref, object);
  const status = seen
    ? statusOf(object, { ...seen, ...why }, clock.now())
    : { ...neverStarted(object), ...why };
  await report(object, status, ctx);
  // Nobody is sent to it while it ends.
  if (seen && !seen.stopped) return again(Number.POSITIVE_INFINITY, seen);
  if (why === expired) events(object, { type: 'Warning', ...why, host: object.spec?.nodeName ?? '' });
  return undefined;
}

async function end(ref: PodRef, object: Pod, ctx: ReconcileContext): Promise<Requeue | undefined> {
  const { client, cloud, clock } = ctx;
  const held = await heldMs(object, ctx);
  if (held > 0) return { requeueAfterMs: held };
  const seen = await cloud.pods.observe(ref, object);
  if (seen && !seen.stopped) {
    await cloud.pods.stop(ref, graceLeft(object, clock.now()));
    const after = await cloud.pods.observe(ref, object);
    if (after && !after.stopped) {
      if (!isTerminal(object)) await report(object, statusOf(object, after, clock.now()), ctx);
      return again(Number.POSITIVE_INFINITY, after);
    }
  }
  // Who watches learns how it ended; a controller that holds the object by a finalizer, such as Job, also of what never ran.
  const last = isTerminal(object) ? undefined : await cloud.pods.observe(ref, object);
  if (last) await report(object, statusOf(object, last, clock.now()), ctx);
  else if (object.metadata.finalizers?.length && !isTerminal(object))
    await report(object, neverStarted(object), ctx);
  await cloud.pods.remove(ref);
  await unlessGone(client.delete(pods, ref.namespace, ref.name, { uid: ref.uid, gracePeriodSeconds: 0 }));
  return undefined;
}

/** The status of a Pod that is removed before the runtime knew of it. */
const neverStarted = ({ status }: Pod): PodStatus => ({ ...status, phase: 'Failed' });

/** Its object is gone (or was made anew): nothing of it may stay. */
async function discard(ref: PodRef, { cloud }: ReconcileContext): Promise<Requeue | undefined> {
  const seen = await cloud.pods.observe(ref);
  if (!seen) return undefined;
  if (!seen.stopped) await cloud.pods.stop(ref, 0);
  const after = await cloud.pods.observe(ref);
  if (after?.stopped === false) return again(Number.POSITIVE_INFINITY, after);
  await cloud.pods.remove(ref);
  return undefined;
}

async function sweepRuntime(cluster: string, ctx: ReconcileContext): Promise<undefined> {
  // What is left over belongs to no cluster.
  if (cluster === 'default')
    await ctx.cloud.pods.tidy?.().catch((error: unknown) => ctx.log.warn('tidying failed', { error }));
  const all = await ctx.cloud.pods.list();
  const stands = await standing(cluster, all, ctx.client);
  await parallel(all, 16, async (ref) => {
    if (!stands(ref.cluster)) return discard(ref, ctx);
    if (ref.cluster !== cluster) return;
    const object = await ctx.client.get(pods, ref.namespace, ref.name);
    if (object?.metadata.uid !== ref.uid) await discard(ref, ctx);
    else if (isTerminal(object)) await stopEnded(ref, object, ctx);
  });
}

/** What has ended runs no more: somebody else may have said so, or while a start was under way. Its logs stay. */
async function stopEnded(ref: PodRef, object: Pod, { cloud }: ReconcileContext): Promise<void> {
  const seen = await cloud.pods.observe(ref);
  if (seen?.stopped === false) await cloud.pods.stop(ref, graceOf(object));
}

const graceOf = ({ spec }: Pod): number => boundedSeconds(spec?.terminationGracePeriodSeconds ?? 30);
