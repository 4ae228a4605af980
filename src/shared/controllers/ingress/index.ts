import type { Reader } from '../../client/client.ts';
import type { IngressEndpoints, Ingresses, IngressRef } from '../../cloud/provider.ts';
import { isReason } from '../../errors/apiError.ts';
import type {
  EndpointSlice,
  Ingress,
  IngressClass,
  IngressLoadBalancerIngress,
  Service,
} from '../../kinds/schema/types.ts';
import { setFinalizer } from '../common/finalizer.ts';
import { removeGone } from '../common/gone.ts';
import { same } from '../common/hash.ts';
import { unlessGone, unlessThere } from '../common/ignore.ts';
import {
  type Controller,
  keyOf,
  type ObjectKey,
  type ReconcileContext,
  type Requeue,
  watching,
} from '../controller.ts';
import { ifChanged, slicesOf } from '../endpointslice/ofService.ts';
import { serviceLabel } from '../endpointslice/plan.ts';
import { endpointSlices, ingressClasses, ingresses, services } from '../resources.ts';
import { backendsOf, classToMake, defaultClass, endpointsFor, finalizer, isOurs } from './plan.ts';

const sweep = 'ingresses';
/** How soon to look again for an address that the cloud does not know yet. */
const pendingMs = 10_000;

/** Has Ingresses served where a cloud can, and frees what is left of those that are gone. */
export const ingress: Controller = {
  group: 'services',
  name: 'ingress-controller',
  isFor: (cloud) => cloud.ingresses !== undefined,
  watches: [
    watching<Ingress>({ resource: ingresses, keys: (object) => [keyOf(object)] }),
    watching<IngressClass>({
      resource: ingressClasses,
      keys: async (_, __, { client }) => (await client.list(ingresses)).map(keyOf),
    }),
    watching<Service>({
      resource: services,
      keys: ({ metadata: { namespace = '', name = '' } }, _, { client }) => naming(namespace, name, client),
    }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata: { namespace = '', labels } }, _, { client }) =>
        labels?.[serviceLabel] ? naming(namespace, labels[serviceLabel], client) : [],
    }),
  ],
  always: (cloud) => (cloud.ingresses ? [{ namespace: '', name: sweep }] : []),

  async reconcile(key, ctx) {
    const served = ctx.cloud.ingresses;
    if (!served) return undefined;
    if (key.namespace === '') return sweepAll(served, key.cluster, ctx);
    const object = await ctx.client.get(ingresses, key.namespace, key.name);
    if (!object) return void (await removeGone(served, ingresses, key.cluster, key, ctx.client));
    const ref: IngressRef = { ...key, uid: object.metadata.uid ?? '' };
    if (object.metadata.deletionTimestamp || !(await isServed(object, ctx)))
      return release(served, ref, object, ctx);
    return serve(served, ref, object, ctx);
  },
};

const naming = async (namespace: string, service: string, client: Reader): Promise<ObjectKey[]> =>
  (await client.list(ingresses, { namespace }))
    .filter((object) => backendsOf(object).some((backend) => backend.service === service))
    .map(keyOf);

async function isServed(object: Ingress, ctx: ReconcileContext): Promise<boolean> {
  await makeClass(ctx);
  return isOurs(object, await ctx.client.list(ingressClasses));
}

async function makeClass({ client }: ReconcileContext): Promise<void> {
  if (!(await client.get(ingressClasses, '', defaultClass)))
    await unlessThere(client.create(ingressClasses, classToMake));
}

async function serve(
  served: Ingresses,
  ref: IngressRef,
  object: Ingress,
  ctx: ReconcileContext,
): Promise<Requeue | undefined> {
  const { client, events } = ctx;
  const { backends, slices } = await backendsIn(object, ctx);
  const current = await setFinalizer(ctx.client, ingresses, object, finalizer, true);
  const points = await ensure(served, ref, current, backends, ctx);
  if (!points) return undefined;
  if (!same(points, object.status?.loadBalancer?.ingress ?? [])) {
    await setPoints(current, points, ctx);
    if (points.length > 0)
      events(object, {
        type: 'Normal',
        reason: 'SuccessfullyReconciled',
        message: 'Successfully reconciled',
      });
  }
  for (const [name, seen] of slices) {
    const again = await ifChanged({ namespace: ref.namespace, name }, seen, client);
    if (again) return again;
  }
  return points.length === 0 ? { requeueAfterMs: pendingMs } : undefined;
}

/** A Service or port that is not there is told of, and served as one without endpoints. */
async function backendsIn(object: Ingress, { client, events }: ReconcileContext) {
  const { namespace = '' } = object.metadata;
  const slices = new Map<string, EndpointSlice[]>();
  const backends: IngressEndpoints[] = [];
  for (const named of backendsOf(object)) {
    const service = await client.get(services, namespace, named.service);
    const own = slices.get(named.service) ?? (await slicesOf({ namespace, name: named.service }, client));
    slices.set(named.service, own);
    const found = endpointsFor(named, service, own);
    backends.push(found ?? { ...named, endpoints: [] });
    if (found) continue;
    const what = service ? `port ${named.port} of the Service` : 'Service';
    const message = `There is no ${what} ${namespace}/${named.service}: requests for it are answered by 503`;
    events(object, { type: 'Warning', reason: 'BackendNotFound', message });
  }
  return { backends, slices };
}

/** Undefined when the Ingress asks for what cannot be had: it says so, and nothing changes until the Ingress does. */
async function ensure(
  served: Ingresses,
  ref: IngressRef,
  object: Ingress,
  backends: IngressEndpoints[],
  { events }: ReconcileContext,
): Promise<IngressLoadBalancerIngress[] | undefined> {
  try {
    return await served.ensure(ref, object, backends);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    const refused = isReason(error, 'Invalid');
    events(object, {
      type: 'Warning',
      reason: refused ? 'FailedBuildModel' : 'FailedDeployModel',
      message: `Failed to ${refused ? 'build' : 'deploy'} model due to ${why}`,
    });
    if (refused) return undefined;
    throw error;
  }
}

/** An Ingress that goes, or that is another controller's now. */
async function release(
  served: Ingresses,
  ref: IngressRef,
  object: Ingress,
  ctx: ReconcileContext,
): Promise<undefined> {
  if (!object.metadata.finalizers?.includes(finalizer)) return;
  await served.remove(ref);
  const hasPoints = (object.status?.loadBalancer?.ingress ?? []).length > 0;
  // That change leads here again.
  if (hasPoints && !object.metadata.deletionTimestamp) await setPoints(object, [], ctx);
  else await setFinalizer(ctx.client, ingresses, object, finalizer, false);
}

const setPoints = (object: Ingress, ingress: IngressLoadBalancerIngress[], { client }: ReconcileContext) => {
  const loadBalancer = ingress.length > 0 ? { ingress } : {};
  return unlessGone(client.updateStatus(ingresses, { ...object, status: { loadBalancer } }));
};

async function sweepAll(served: Ingresses, cluster: string, ctx: ReconcileContext): Promise<undefined> {
  await makeClass(ctx);
  await removeGone(served, ingresses, cluster, undefined, ctx.client);
}
