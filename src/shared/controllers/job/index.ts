import { isReason } from '../../errors/apiError.ts';
import type { Job, JobStatus, Pod } from '../../kinds/schema/types.ts';
import { controllerOf, controllerReference } from '../../meta/object.ts';
import { setFinalizer } from '../common/finalizer.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { controllerKeys } from '../common/members.ts';
import { parallel, slowStart } from '../common/parallel.ts';
import { selects } from '../common/selector.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { jobs, pods } from '../resources.ts';
import { isFinished } from './conditions.ts';
import { isTracked, trackingFinalizer } from './facts.ts';
import { type Plan, plan } from './plan.ts';

const ownName = 'kubernetes.io/job-controller';
/** The prefix of a key for a Pod whose Job is gone. */
const orphan = '|';

/** Runs the Pods of each Job until enough have succeeded or too many have failed, and counts them in its status. */
export const job: Controller = {
  name: 'job-controller',
  watches: [
    watching<Job>({ resource: jobs, keys: (object) => [keyOf(object)] }),
    watching<Pod>({
      resource: pods,
      async keys(pod, old, { client, deleted }) {
        const { namespace = '', name } = pod.metadata;
        const keys = controllerKeys('Job', pod, old);
        if (isTracked(pod) && !deleted && !controllerOf(pod))
          keys.push({ namespace, name: `${orphan}${name}` });
        if (deleted || controllerOf(pod)) return keys;
        // Nobody's, perhaps only now: whoever selects it may take it.
        const candidates = await client.list(jobs, { namespace });
        return [
          ...keys,
          ...candidates.filter(({ spec }) => selects(spec?.selector, pod.metadata.labels)).map(keyOf),
        ];
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    if (name.startsWith(orphan)) return letGo(namespace, name.slice(1), ctx);
    const object = await ctx.client.get(jobs, namespace, name);
    if (!object) return release(await podsOf(namespace, name, ctx), ctx);
    const { managedBy } = object.spec ?? {};
    if (managedBy !== undefined && managedBy !== ownName) return undefined;
    const mine = await claim(object, ctx);
    if (isFinished(object)) return release(mine, ctx);
    const { client, clock } = ctx;
    const { failed = 0, succeeded = 0 } = object.status ?? {};
    const deletions = client.lastDeletion?.(pods, object.metadata.uid ?? '') ?? 0;
    const epoch = deletions + failed + succeeded;
    const todo = plan({ job: object, pods: mine, epoch, now: clock.now() });
    await apply(object, todo, ctx);
    return todo.requeueAfterMs === undefined ? undefined : { requeueAfterMs: todo.requeueAfterMs };
  },
};

/** The Pods that it controls, after adopting those that fit and have no controller. */
async function claim(object: Job, { client }: ReconcileContext): Promise<Pod[]> {
  const { namespace = '', uid = '', deletionTimestamp } = object.metadata;
  const isDone = deletionTimestamp !== undefined || isFinished(object);
  const all = await client.list(pods, { namespace, ...(isDone && { owner: uid }) });
  const owned = all.filter((pod) => controllerOf(pod)?.uid === uid);
  if (isDone) return owned;
  const owner = controllerReference({ ...object, apiVersion: 'batch/v1', kind: 'Job' });
  const kept: Pod[] = [];
  for (const pod of owned) {
    if (selects(object.spec?.selector, pod.metadata.labels)) kept.push(pod);
    else await disown(pod, uid, client);
  }
  const loose = all.filter(
    (pod) =>
      !controllerOf(pod) &&
      !pod.metadata.deletionTimestamp &&
      selects(object.spec?.selector, pod.metadata.labels),
  );
  for (const pod of loose) {
    const { name = '', resourceVersion, ownerReferences = [], finalizers = [] } = pod.metadata;
    const metadata = {
      resourceVersion,
      ownerReferences: [...ownerReferences, owner],
      finalizers: [...finalizers.filter((f) => f !== trackingFinalizer), trackingFinalizer],
    };
    kept.push(await client.patch(pods, namespace, name, { metadata }));
  }
  return kept;
}

const disown = ({ metadata }: Pod, uid: string, client: ReconcileContext['client']) =>
  client.patch(pods, metadata.namespace ?? '', metadata.name ?? '', {
    metadata: {
      resourceVersion: metadata.resourceVersion,
      ownerReferences: (metadata.ownerReferences ?? []).filter((o) => o.uid !== uid),
      finalizers: (metadata.finalizers ?? []).filter((f) => f !== trackingFinalizer),
    },
  });

async function apply(object: Job, todo: Plan, ctx: ReconcileContext): Promise<void> {
  const { client, events } = ctx;
  await parallel([...todo.stop, ...todo.drop], 64, async (pod) => {
    const { namespace = '', name = '', uid = '' } = pod.metadata;
    if (todo.drop.includes(pod)) await unlessGone(setFinalizer(client, pods, pod, trackingFinalizer, false));
    await unlessGone(client.delete(pods, namespace, name, { uid }));
    events(object, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
  });
  if (todo.create.length) await checkUnchanged(object, ctx);
  await slowStart(todo.create, (pod) => create(object, pod, ctx));
  const isOneWrite = todo.release.length === 0;
  const current = isOneWrite ? object : await write(object, todo.before, ctx);
  await release(todo.release, ctx);
  await write(current, todo.after, ctx);
  for (const event of todo.events) events(object, event);
}

/**
 * Throws Conflict when somebody has written the Job since it was read. The Pods were read after it: one that was counted
 * and let go of in between would seem never to have run, and would be run again. A patch that changes nothing asks the API
 * itself, not a cache.
 */
async function checkUnchanged({ metadata }: Job, { client }: ReconcileContext): Promise<void> {
  const { namespace = '', name = '', resourceVersion } = metadata;
  await client.patch(jobs, namespace, name, { metadata: { resourceVersion } });
}

async function create(object: Job, pod: Pod, { client, events }: ReconcileContext): Promise<void> {
  try {
    const { metadata } = await client.create(pods, pod);
    const message = `Created pod: ${metadata.name}`;
    events(object, { type: 'Normal', reason: 'SuccessfulCreate', message });
  } catch (error) {
    if (isReason(error, 'AlreadyExists')) return;
    const why = error instanceof Error ? error.message : String(error);
    events(object, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${why}` });
    throw error;
  }
}

const write = async (object: Job, status: JobStatus, { client }: ReconcileContext): Promise<Job> =>
  same(status, object.status ?? {}) ? object : client.updateStatus(jobs, { ...object, status });

/** Lets Pods go that are counted, or that nobody counts any more. */
const release = async (some: Pod[], { client }: ReconcileContext): Promise<undefined> => {
  await parallel(some.filter(isTracked), 64, (pod) =>
    unlessGone(setFinalizer(client, pods, pod, trackingFinalizer, false)),
  );
  return undefined;
};

/** Pods of a Job that is gone. */
const podsOf = async (namespace: string, name: string, { client }: ReconcileContext): Promise<Pod[]> =>
  (await client.list(pods, { namespace })).filter((pod) => {
    const owner = controllerOf(pod);
    return isTracked(pod) && owner?.kind === 'Job' && owner.name === name;
  });

async function letGo(namespace: string, name: string, ctx: ReconcileContext): Promise<undefined> {
  const pod = await ctx.client.get(pods, namespace, name);
  return pod && !controllerOf(pod) ? release([pod], ctx) : undefined;
}
