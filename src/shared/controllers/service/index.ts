import { isReason } from '../../errors/apiError.ts';
import type { EndpointSlice, LoadBalancerIngress, Pod, Service } from '../../kinds/schema/types.ts';
import type { ServiceRef } from '../../ports/cloud.ts';
import { isBalancedHere } from '../../ports/loadBalancers.ts';
import { balancerCondition, gatedServices } from '../common/balancing.ts';
import { setFinalizer } from '../common/finalizer.ts';
import { removeGone } from '../common/gone.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, type Requeue, watching } from '../controller.ts';
import { ifChanged, slicesOf } from '../endpointslice/ofService.ts';
import { serviceLabel } from '../endpointslice/plan.ts';
import { endpointSlices, pods, services } from '../resources.ts';
import { changesFollowing, type Followed } from './followed.ts';
import {
  type Balancer,
  follow,
  ifFollowedOtherwise,
  letThrough,
  tellPods,
  waitingUids,
} from './following.ts';
import { endpointsOf, finalizer, isOthers } from './plan.ts';

/** Makes Services reachable, and removes the routes of deleted ones. */
export const service: Controller = {
  group: 'services',
  name: 'service-controller',
  watches: [
    watching<Service>({ resource: services, keys: (s) => [keyOf(s)] }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata: { namespace = '', labels } }) =>
        labels?.[serviceLabel] ? [{ namespace, name: labels[serviceLabel] }] : [],
    }),
    // A Pod that waits for its load balancer is not ready before and after: its EndpointSlice does not change.
    watching<Pod>({
      resource: pods,
      keys: (pod, old) => {
        const gated = gatedServices(pod);
        if (gated.length === 0 || (old && pod !== old && !changesFollowing(pod, old))) return [];
        const { namespace = '' } = pod.metadata;
        return gated.map((name) => ({ namespace, name }));
      },
    }),
  ],
  always: () => [{ namespace: '', name: sweep }],

  async reconcile(key, ctx) {
    const only = key.namespace === '' && key.name === sweep ? undefined : key;
    const object = only && (await ctx.client.get(services, key.namespace, key.name));
    if (!object) {
      if (only) await letThrough(balancerOf({ ...only, cluster: key.cluster, uid: '' }, ctx), ctx);
      await removeGone(ctx.cloud.loadBalancers, services, key.cluster, only, ctx.client);
      return void ctx.cloud.loadBalancers.expect?.(key.cluster, await allOf(key.cluster, ctx));
    }
    const ref: ServiceRef = { ...key, uid: object.metadata.uid ?? '' };
    if (object.metadata.deletionTimestamp || object.spec?.type === 'ExternalName') {
      await free(ref, object, ctx);
      await letThrough(balancerOf(ref, ctx), ctx);
      await setFinalizer(ctx.client, services, object, finalizer, false);
      return undefined;
    }
    const slices = await slicesOf(ref, ctx.client);
    const result = await ensure(ref, object, slices, ctx);
    return (await ifChanged(ref, slices, ctx.client)) ?? result;
  },
};

const sweep = 'services';
/** Says how soon to look again for an address that the cloud does not know yet. */
const pendingMs = 10_000;
const nobody: Followed = { waiting: [], ending: [] };

const allOf = async (cluster: string, { client }: ReconcileContext): Promise<ServiceRef[]> =>
  (await client.list(services)).map(({ metadata: { namespace = '', name = '', uid = '' } }) => ({
    ...{ cluster, namespace, name, uid },
  }));

const balancerOf = (ref: ServiceRef, { cloud }: ReconcileContext): Balancer => ({
  type: balancerCondition(ref.name),
  namespace: ref.namespace,
  ref,
  targets: cloud.loadBalancers.targets,
});

async function ensure(
  ref: ServiceRef,
  object: Service,
  slices: EndpointSlice[],
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const { client, events } = ctx;
  const { classes } = ctx.cloud.loadBalancers;
  const balanced = isBalancedHere(object, classes);
  const points = object.status?.loadBalancer?.ingress ?? [];
  if (balanced && points.length === 0 && !object.metadata.finalizers?.includes(finalizer))
    events(object, { type: 'Normal', reason: 'EnsuringLoadBalancer', message: 'Ensuring load balancer' });
  let current = balanced ? await setFinalizer(ctx.client, services, object, finalizer, true) : object;
  const balancer = balancerOf(ref, ctx);
  const followed = balanced ? await follow(balancer, slices, ctx) : nobody;
  const ingress = await balance(ref, current, slices, followed, ctx);
  const requeue =
    (await tellPods(balancer, followed, { exists: balanced && (ingress ?? points).length > 0 }, ctx)) ??
    (balanced ? await ifFollowedOtherwise(balancer, followed, slices, ctx) : undefined);
  if (!ingress || isOthers(object, classes)) return requeue;
  if (!balanced) current = await setFinalizer(ctx.client, services, object, finalizer, false);
  const wanted = balanced ? ingress : [];
  const pending = balanced && wanted.length === 0 ? { requeueAfterMs: pendingMs } : requeue;
  if (same(wanted, points)) return pending;
  const loadBalancer = wanted.length > 0 ? { ingress: wanted } : {};
  await unlessGone(
    client.updateStatus(services, { ...current, status: { ...current.status, loadBalancer } }),
  );
  if (wanted.length > 0)
    events(object, { type: 'Normal', reason: 'EnsuredLoadBalancer', message: 'Ensured load balancer' });
  return pending;
}

/** Undefined when the Service asks for what cannot be had: it says so, and nothing changes until the Service does. */
async function balance(
  ref: ServiceRef,
  object: Service,
  slices: EndpointSlice[],
  followed: Followed,
  ctx: ReconcileContext,
): Promise<LoadBalancerIngress[] | undefined> {
  const uids = waitingUids(followed);
  try {
    return await ctx.cloud.loadBalancers.ensure(ref, object, endpointsOf(slices, uids), (message, reason) =>
      ctx.events(object, { type: 'Normal', reason: reason ?? 'NodePortElsewhere', message }),
    );
  } catch (error) {
    tellFailure('ensure', error, object, ctx);
    if (!isReason(error, 'Invalid')) throw error;
    return isBalancedHere(object, ctx.cloud.loadBalancers.classes) ? undefined : [];
  }
}

/** Lets go of what a Service holds. What passes by itself is not told: things are in use for a moment longer. */
async function free(ref: ServiceRef, object: Service, ctx: ReconcileContext): Promise<void> {
  try {
    await ctx.cloud.loadBalancers.remove(ref);
  } catch (error) {
    if (!isReason(error, 'ServiceUnavailable')) tellFailure('delete', error, object, ctx);
    throw error;
  }
}

function tellFailure(what: string, error: unknown, object: Service, { events }: ReconcileContext): void {
  const why = error instanceof Error ? error.message : String(error);
  const message = `Error syncing load balancer: failed to ${what} load balancer: ${why}`;
  events(object, { type: 'Warning', reason: 'SyncLoadBalancerFailed', message });
}
