import { isReason } from '../../errors/apiError.ts';
import type { Pod, ReplicaSet } from '../../kinds/schema/types.ts';
import { controllerOf, controllerReference } from '../../meta/object.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel, slowStart } from '../common/parallel.ts';
import { isActive } from '../common/pods.ts';
import { selects } from '../common/selector.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { pods, replicaSets } from '../resources.ts';
import { type Plan, plan } from './plan.ts';

export const replicaSet: Controller = {
  name: 'replicaset-controller',
  watches: [
    watching<ReplicaSet>({ resource: replicaSets, keys: (rs) => [keyOf(rs)] }),
    watching<Pod>({
      resource: pods,
      async keys(pod, old, { client, deleted }) {
        const owners = [pod, old].flatMap((o) => (o ? (controllerOf(o) ?? []) : []));
        const keys = owners
          .filter((owner) => owner.kind === 'ReplicaSet')
          .map(({ name }) => ({ namespace: pod.metadata.namespace ?? '', name }));
        if (keys.length > 0 || deleted || owners.length > 0) return keys;
        const candidates = await client.list(replicaSets, { namespace: pod.metadata.namespace ?? '' });
        return candidates.filter((rs) => selects(rs.spec?.selector, pod.metadata.labels)).map(keyOf);
      },
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const rs = await ctx.client.get(replicaSets, namespace, name);
    if (!rs) return undefined;
    const observed = await observe(rs, ctx);
    const todo = plan(observed);
    try {
      await apply(rs, todo, ctx);
    } finally {
      await writeStatus(rs, todo, ctx);
    }
    return todo.requeueAfterMs === undefined ? undefined : { requeueAfterMs: todo.requeueAfterMs };
  },
};

async function observe(rs: ReplicaSet, { client, clock }: ReconcileContext) {
  const { namespace = '', uid = '' } = rs.metadata;
  const owned = await client.list(pods, { namespace, owner: uid });
  const all = rs.metadata.deletionTimestamp ? [] : await client.list(pods, { namespace });
  const loose = all.filter((pod) => !controllerOf(pod) && isActive(pod));
  const epoch = client.lastDeletion?.(pods, uid) ?? 0;
  return { replicaSet: rs, pods: [...owned, ...loose], epoch, now: clock.now() };
}

async function apply(rs: ReplicaSet, todo: Plan, { client, events }: ReconcileContext): Promise<void> {
  const { namespace = '' } = rs.metadata;
  const owner = controllerReference({ ...rs, apiVersion: 'apps/v1', kind: 'ReplicaSet' });
  for (const pod of todo.adopt) await own(client, pod, [...(pod.metadata.ownerReferences ?? []), owner]);
  for (const pod of todo.orphan)
    await own(
      client,
      pod,
      (pod.metadata.ownerReferences ?? []).filter((o) => o.uid !== owner.uid),
    );

  await slowStart(todo.create, async (pod) => {
    try {
      const made = await client.create(pods, pod);
      events(rs, {
        type: 'Normal',
        reason: 'SuccessfulCreate',
        message: `Created pod: ${made.metadata.name}`,
      });
    } catch (error) {
      if (isReason(error, 'AlreadyExists')) return;
      const why = error instanceof Error ? error.message : String(error);
      events(rs, { type: 'Warning', reason: 'FailedCreate', message: `Error creating: ${why}` });
      throw error;
    }
  });
  await parallel(todo.delete, 64, async (pod) => {
    const { name = '', uid = '' } = pod.metadata;
    await unlessGone(client.delete(pods, namespace, name, { uid }));
    events(rs, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted pod: ${name}` });
  });
}

const own = (client: ReconcileContext['client'], pod: Pod, ownerReferences: object[]) =>
  client.patch(pods, pod.metadata.namespace ?? '', pod.metadata.name ?? '', {
    metadata: { uid: pod.metadata.uid, resourceVersion: pod.metadata.resourceVersion, ownerReferences },
  });

async function writeStatus(rs: ReplicaSet, { status }: Plan, { client }: ReconcileContext): Promise<void> {
  const { conditions } = rs.status ?? {};
  const next = { ...status, ...(conditions && { conditions }) };
  if (same(normal(next), normal(rs.status ?? {}))) return;
  await unlessGone(client.updateStatus(replicaSets, { ...rs, status: next }));
}

/** Servers differ in whether they write a zero. */
const normal = (status: object) => Object.fromEntries(Object.entries(status).filter(([, v]) => v !== 0));
