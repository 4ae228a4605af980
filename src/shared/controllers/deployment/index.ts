import { isReason } from '../../errors/apiError.ts';
import type { Deployment, Pod, ReplicaSet } from '../../kinds/schema/types.ts';
import { controllerOf, controllerReference } from '../../meta/object.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { controllerKeys } from '../common/members.ts';
import { isTerminal } from '../common/pods.ts';
import { selects } from '../common/selector.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { deployments, pods, replicaSets } from '../resources.ts';
import { type Plan, plan } from './plan.ts';
import { findNew, revisionAnnotation } from './revision.ts';

/** Keeps a ReplicaSet for the template of each Deployment, and scales old and new ones during a rollout. */
export const deployment: Controller = {
  name: 'deployment-controller',
  watches: [
    watching<Deployment>({ resource: deployments, keys: (d) => [keyOf(d)] }),
    watching<ReplicaSet>({
      resource: replicaSets,
      async keys(rs, old, { client }) {
        if (controllerOf(rs) || (old && controllerOf(old))) return controllerKeys('Deployment', rs, old);
        const candidates = await client.list(deployments, { namespace: rs.metadata.namespace ?? '' });
        return candidates.filter((d) => selects(d.spec?.selector, rs.metadata.labels)).map(keyOf);
      },
    }),
    watching<Pod>({
      resource: pods,
      // Only Recreate waits for Pods: the last one of an old ReplicaSet must be gone.
      async keys(pod, _, { deleted, client }) {
        const owner = controllerOf(pod);
        if (!(deleted || isTerminal(pod)) || owner?.kind !== 'ReplicaSet') return [];
        const namespace = pod.metadata.namespace ?? '';
        const rs = await client.get(replicaSets, namespace, owner.name);
        const parent = rs && controllerOf(rs);
        const d = parent && (await client.get(deployments, namespace, parent.name));
        return d?.spec?.strategy?.type === 'Recreate' ? [keyOf(d)] : [];
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const d = await ctx.client.get(deployments, namespace, name);
    if (!d) return undefined;
    const sets = await claim(d, ctx);
    const recreate = d.spec?.strategy?.type === 'Recreate';
    const oldPodsRun = recreate && (await hasOldPods(d, sets, ctx));
    const todo = plan({ deployment: d, replicaSets: sets, oldPodsRun, now: ctx.clock.now() });
    await apply(d, todo, ctx);
    return todo.requeueAfterMs === undefined ? undefined : { requeueAfterMs: todo.requeueAfterMs };
  },
};

/** The ReplicaSets it controls, after adopting those that fit and have no controller. */
async function claim(d: Deployment, { client }: ReconcileContext): Promise<ReplicaSet[]> {
  const { namespace = '', uid = '' } = d.metadata;
  const isGoing = d.metadata.deletionTimestamp !== undefined;
  const all = await client.list(replicaSets, { namespace, ...(isGoing && { owner: uid }) });
  const owned = all.filter((rs) => controllerOf(rs)?.uid === uid);
  if (isGoing) return owned;
  const loose = all.filter(
    (rs) =>
      !controllerOf(rs) && !rs.metadata.deletionTimestamp && selects(d.spec?.selector, rs.metadata.labels),
  );
  const owner = controllerReference({ ...d, apiVersion: 'apps/v1', kind: 'Deployment' });
  const adopted = loose.map((rs) =>
    client.patch(replicaSets, namespace, rs.metadata.name ?? '', {
      metadata: {
        resourceVersion: rs.metadata.resourceVersion,
        ownerReferences: [...(rs.metadata.ownerReferences ?? []), owner],
      },
    }),
  );
  return [...owned, ...(await Promise.all(adopted))];
}

async function hasOldPods(d: Deployment, sets: ReplicaSet[], { client }: ReconcileContext): Promise<boolean> {
  const fresh = findNew(d, sets);
  for (const rs of sets) {
    if (rs === fresh) continue;
    const owned = await client.list(pods, {
      namespace: d.metadata.namespace ?? '',
      owner: rs.metadata.uid ?? '',
    });
    if (owned.some((pod) => !isTerminal(pod))) return true;
  }
  return false;
}

async function apply(d: Deployment, todo: Plan, ctx: ReconcileContext): Promise<void> {
  const { client, events } = ctx;
  const { namespace = '' } = d.metadata;
  const scaled = (rs: string | undefined, from: number, to: number) =>
    events(d, {
      type: 'Normal',
      reason: 'ScalingReplicaSet',
      message: `Scaled ${to > from ? 'up' : 'down'} replica set ${rs} from ${from} to ${to}`,
    });
  if (todo.create) {
    if (!(await createOwn(d, todo.create, ctx))) return;
    if (todo.create.spec?.replicas) scaled(todo.create.metadata.name, 0, todo.create.spec.replicas);
  }
  for (const { rs, replicas, annotations, minReadySeconds } of todo.update) {
    const before = rs.spec?.replicas ?? 1;
    await client.patch(replicaSets, namespace, rs.metadata.name ?? '', {
      metadata: { resourceVersion: rs.metadata.resourceVersion, annotations },
      spec: { replicas, ...(minReadySeconds !== undefined && { minReadySeconds }) },
    });
    if (replicas !== before) scaled(rs.metadata.name, before, replicas);
  }
  for (const rs of todo.delete)
    await unlessGone(
      client.delete(replicaSets, namespace, rs.metadata.name ?? '', { uid: rs.metadata.uid ?? '' }),
    );
  await writeStatus(d, todo, ctx);
}

/** False when the name is taken by another template: the next run then hashes with a higher collision count. */
async function createOwn(d: Deployment, rs: ReplicaSet, { client }: ReconcileContext): Promise<boolean> {
  try {
    await client.create(replicaSets, rs);
    return true;
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) throw error;
  }
  const there = await client.get(replicaSets, d.metadata.namespace ?? '', rs.metadata.name ?? '');
  if (!there) throw new Error('a replica set of that name is not visible yet');
  if (controllerOf(there)?.uid === d.metadata.uid && findNew(d, [there])) return true;
  const collisionCount = (d.status?.collisionCount ?? 0) + 1;
  await client.updateStatus(deployments, { ...d, status: { ...d.status, collisionCount } });
  return false;
}

async function writeStatus(d: Deployment, { status, revision }: Plan, { client }: ReconcileContext) {
  if (!revision && same(normal(status), normal(d.status ?? {}))) return;
  // The revision travels with the status, as in Kubernetes: a change of annotations alone would count as a generation.
  const annotations = { ...d.metadata.annotations, ...(revision && { [revisionAnnotation]: revision }) };
  await unlessGone(
    client.updateStatus(deployments, { ...d, metadata: { ...d.metadata, annotations }, status }),
  );
}

/** Servers differ in whether they write a zero. */
const normal = (status: object) => Object.fromEntries(Object.entries(status).filter(([, v]) => v !== 0));
