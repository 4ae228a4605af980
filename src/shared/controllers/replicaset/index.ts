import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { Pod, ReplicaSet, ReplicaSetCondition, ReplicaSetStatus } from '../../kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../meta/object.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { controllerKeys } from '../common/members.ts';
import { parallel, slowStart } from '../common/parallel.ts';
import { isActive } from '../common/pods.ts';
import { selects } from '../common/selector.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { pods, replicaSets } from '../resources.ts';
import { ownerReference, type Plan, plan } from './plan.ts';

/** Describes a kind that keeps a number of equal Pods. */
export interface Replicas<T extends KubeObject & { status?: object }> {
  /** The controller's name in Events. */
  name: string;
  resource: Resource<T>;
  /** The object as a ReplicaSet, with the apiVersion and kind that Pods name as their controller's. */
  view(object: T): ReplicaSet;
  /** The object with the status of its view. */
  withStatus(object: T, status: ReplicaSetStatus): T;
}

/** Makes the controller of such a kind. ReplicaSets and ReplicationControllers differ in nothing else. */
export function replicasController<T extends KubeObject & { status?: object }>(
  kept: Replicas<T>,
): Controller {
  const { name, resource, view } = kept;
  return {
    name,
    watches: [
      watching<T>({ resource, keys: (object) => [keyOf(object)] }),
      watching<Pod>({
        resource: pods,
        async keys(pod, old, { client, deleted }) {
          const { namespace = '' } = pod.metadata;
          const keys = controllerKeys(resource.kind, pod, old);
          if (deleted || controllerOf(pod)) return keys;
          // Nobody's, perhaps only now: whoever selects it may take it.
          const candidates = await client.list(resource, { namespace });
          const able = candidates.filter((object) =>
            selects(view(object).spec?.selector, pod.metadata.labels),
          );
          return [...keys, ...able.map(keyOf)];
        },
      }),
    ],

    async reconcile({ namespace, name: of }, ctx) {
      const object = await ctx.client.get(resource, namespace, of);
      if (!object) return undefined;
      const set = view(object);
      const todo = plan(await observe(set, ctx));
      const failure = await apply(set, todo, ctx).then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      const status = statusAfter(set, todo, failure, ctx.clock.now());
      const next = kept.withStatus(object, status);
      if (!same(normal(next.status ?? {}), normal(object.status ?? {})))
        await unlessGone(ctx.client.updateStatus(resource, next));
      if (failure) throw failure.error;
      return todo.requeueAfterMs === undefined ? undefined : { requeueAfterMs: todo.requeueAfterMs };
    },
  };
}

/** Keeps the number of Pods that each ReplicaSet asks for. */
export const replicaSet = replicasController<ReplicaSet>({
  name: 'replicaset-controller',
  resource: replicaSets,
  view: (set) => ({ ...set, apiVersion: 'apps/v1', kind: 'ReplicaSet' }),
  withStatus: (set, status) => ({ ...set, status }),
});

/** The planned status, with the condition that says why Pods could not be made or removed. */
function statusAfter(
  { status = { replicas: 0 } }: ReplicaSet,
  todo: Plan,
  failure: { error: unknown } | undefined,
  now: number,
): ReplicaSetStatus {
  const others = (status.conditions ?? []).filter(({ type }) => type !== 'ReplicaFailure');
  const before = status.conditions?.find(({ type }) => type === 'ReplicaFailure');
  const conditions = failure ? [...others, before ?? failed(todo, failure.error, now)] : others;
  return { ...todo.status, ...(conditions.length > 0 && { conditions }) };
}

const failed = (todo: Plan, error: unknown, now: number): ReplicaSetCondition => ({
  type: 'ReplicaFailure',
  status: 'True',
  lastTransitionTime: formatTime(now),
  reason: todo.delete.length > 0 ? 'FailedDelete' : 'FailedCreate',
  message: error instanceof Error ? error.message : String(error),
});

async function observe(rs: ReplicaSet, { client, clock }: ReconcileContext) {
  const { namespace = '', uid = '' } = rs.metadata;
  const query = { namespace, ...(rs.metadata.deletionTimestamp && { owner: uid }) };
  const near = (await client.list(pods, query)).filter((pod) => {
    const controller = controllerOf(pod);
    return controller ? controller.uid === uid : isActive(pod);
  });
  const epoch = client.lastDeletion?.(pods, uid) ?? 0;
  return { replicaSet: rs, pods: near, epoch, now: clock.now() };
}

async function apply(rs: ReplicaSet, todo: Plan, { client, events }: ReconcileContext): Promise<void> {
  const { namespace = '' } = rs.metadata;
  const owner = ownerReference(rs);
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

/** Servers differ in whether they write a zero. */
const normal = (status: object) => Object.fromEntries(Object.entries(status).filter(([, v]) => v !== 0));
