import type { Reader } from '../../../shared/client/client.ts';
import { formatTime } from '../../../shared/clock/clock.ts';
import { standing } from '../../../shared/controllers/common/clusters.ts';
import { same } from '../../../shared/controllers/common/hash.ts';
import { unlessGone, unlessThere } from '../../../shared/controllers/common/ignore.ts';
import { parallel } from '../../../shared/controllers/common/parallel.ts';
import {
  type Controller,
  type ObjectKey,
  type ReconcileContext,
  watching,
} from '../../../shared/controllers/controller.ts';
import { serviceLabel } from '../../../shared/controllers/endpointslice/plan.ts';
import {
  customResourceDefinitions,
  endpointSlices,
  namespaces,
  secrets,
  services,
} from '../../../shared/controllers/resources.ts';
import { type Resource, resourceName } from '../../../shared/kinds/kind.ts';
import type { EndpointSlice, Namespace, Secret, Service } from '../../../shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../shared/meta/object.ts';
import type { GatewayRef, Gateways } from '../../../shared/ports/cloud.ts';
import { settle } from './conditions.ts';
import { supportedFeatures, takesFeatures } from './features.ts';
import {
  backendTLSPolicies,
  type Gateway,
  type GatewayClass,
  gatewayClasses,
  gateways,
  grpcRoutes,
  httpRoutes,
  type Route,
  referenceGrants,
  tlsRoutes,
} from './kinds.ts';
import { isServed, listIfServed, observe, secretNames, serviceNames } from './observe.ts';
import { classToMake, type GatewayPlan, type PolicyPlan, plan } from './plan.ts';
import { configMapNames } from './policies.ts';
import type { RouteKind } from './ports.ts';
import type { RoutePlan } from './routes.ts';
import { gatewayStatus, policyAncestors, routeParents } from './status.ts';

/** All Gateways of a logical cluster are worked out together: a route may attach to several. */
const all: ObjectKey = { namespace: '', name: 'gateways' };

/**
 * Authorities of policies are read again after this. To watch the ConfigMaps that hold them would be to keep all ConfigMaps
 * of all clusters, of which few have policies.
 */
const authoritiesMs = 30_000;

const following = <T extends KubeObject>(resource: Resource<T>) =>
  watching<T>({ resource, whenServed: true, keys: () => [all] });

/** Serves Gateways and their routes where Gateway API's definitions are. */
export const gatewayRouter: Controller = {
  group: 'services',
  name: 'gateway-router',
  isFor: (cloud) => cloud.gateways !== undefined,
  watches: [
    watching({
      resource: customResourceDefinitions,
      lean: true,
      named: resourceName(gatewayClasses),
      keys: ({ metadata }) => (metadata.name === resourceName(gatewayClasses) ? [all] : []),
    }),
    following(gatewayClasses),
    following(gateways),
    following(httpRoutes),
    following(grpcRoutes),
    following(tlsRoutes),
    following(backendTLSPolicies),
    following(referenceGrants),
    watching<Service>({
      resource: services,
      keys: ({ metadata }, _, { client }) => ifRouted(`${metadata.namespace}/${metadata.name}`, client),
    }),
    watching<EndpointSlice>({
      resource: endpointSlices,
      keys: ({ metadata }, _, { client }) =>
        ifRouted(`${metadata.namespace}/${metadata.labels?.[serviceLabel]}`, client),
    }),
    watching<Secret>({
      resource: secrets,
      keys: async ({ metadata }, _, { client }) =>
        (await listIfServed(gateways, client)).some((each) =>
          secretNames(each).includes(`${metadata.namespace}/${metadata.name}`),
        )
          ? [all]
          : [],
    }),
    watching<Namespace>({
      resource: namespaces,
      keys: async ({ metadata }, old, { client }) =>
        !same(metadata.labels, old?.metadata.labels) && (await listIfServed(gateways, client)).length
          ? [all]
          : [],
    }),
  ],
  always: (cloud) => (cloud.gateways ? [all] : []),

  async reconcile({ cluster }, ctx) {
    const { client, clock } = ctx;
    const served = ctx.cloud.gateways;
    if (!served) return undefined;
    if (
      (await isServed(gatewayClasses, client)) &&
      !(await client.get(gatewayClasses, '', classToMake.metadata.name ?? ''))
    )
      await unlessThere(client.create(gatewayClasses, classToMake));
    const planned = plan(await observe(client));
    await sweep(served, cluster, planned.gateways, client);
    const now = formatTime(clock.now());
    for (const { gatewayClass, finding } of planned.classes) {
      const conditions = settle(gatewayClass.status?.conditions, [finding], {
        generation: gatewayClass.metadata.generation,
        now,
      });
      const features = await featuresOf(gatewayClass, client);
      await tell(gatewayClasses, gatewayClass, { ...gatewayClass.status, ...features, conditions }, ctx);
    }
    const steps = [
      ...planned.gateways.map((each) => () => serve(served, cluster, each, ctx)),
      ...planned.routes.map((each) => () => tellRoute(each, now, ctx)),
      ...planned.policies.map((each) => () => tellPolicy(each, now, ctx)),
    ];
    // One that fails does not hold up the others.
    await parallel(steps, 8, (step) => step());
    const reads = planned.policies.some(
      ({ policy, gateways }) => gateways.length && configMapNames(policy).length,
    );
    return reads ? { requeueAfterMs: authoritiesMs } : undefined;
  },
};

/** The features that a class shall tell; none where its definition has no place for them. */
async function featuresOf({ status }: GatewayClass, client: Reader): Promise<GatewayClass['status']> {
  if (same(status?.supportedFeatures, supportedFeatures)) return status;
  const definition = await client.get(customResourceDefinitions, '', resourceName(gatewayClasses));
  return definition && takesFeatures(definition) ? { supportedFeatures } : {};
}

async function ifRouted(service: string, client: Reader): Promise<ObjectKey[]> {
  for (const resource of Object.values(resourceOf))
    if ((await listIfServed(resource, client)).some((route) => serviceNames(route).includes(service)))
      return [all];
  return [];
}

const refOf = (cluster: string, { metadata }: Gateway): GatewayRef => ({
  cluster,
  namespace: metadata.namespace ?? '',
  name: metadata.name ?? '',
  uid: metadata.uid ?? '',
});

/** Stops serving what is ours no more, and what is of logical clusters that are gone. */
async function sweep(served: Gateways, cluster: string, ours: GatewayPlan[], client: Reader): Promise<void> {
  const present = await served.list();
  if (!present.length) return;
  const stands = await standing(cluster, present, client);
  const wanted = new Set(ours.filter(({ routing }) => routing).map(({ gateway }) => gateway.metadata.uid));
  for (const ref of present)
    if (ref.cluster === cluster ? !wanted.has(ref.uid) : !stands(ref.cluster)) await served.remove(ref);
}

async function serve(
  served: Gateways,
  cluster: string,
  planned: GatewayPlan,
  ctx: ReconcileContext,
): Promise<void> {
  const { gateway, routing, addresses } = planned;
  const outcome = routing && (await served.ensure(refOf(cluster, gateway), routing, addresses));
  const status = gatewayStatus(planned, outcome, formatTime(ctx.clock.now()));
  if (!(await tell(gateways, gateway, status, ctx))) return;
  for (const [port, place] of outcome?.ports ?? [])
    if (place.why)
      ctx.events(gateway, {
        type: 'Normal',
        reason: 'ServedElsewhere',
        message: `port ${port} is served at ${outcome?.address}:${place.port}: ${place.why}`,
      });
}

const resourceOf: Record<RouteKind, Resource<Route>> = {
  HTTPRoute: httpRoutes,
  GRPCRoute: grpcRoutes,
  TLSRoute: tlsRoutes,
};

async function tellRoute(planned: RoutePlan, now: string, ctx: ReconcileContext): Promise<void> {
  const parents = routeParents(planned, now);
  if (!parents?.length && !planned.route.status) return;
  await tell(resourceOf[planned.kind], planned.route, { ...planned.route.status, parents }, ctx);
}

async function tellPolicy(planned: PolicyPlan, now: string, ctx: ReconcileContext): Promise<void> {
  const ancestors = policyAncestors(planned, now);
  if (!ancestors.length && !planned.policy.status) return;
  await tell(backendTLSPolicies, planned.policy, { ...planned.policy.status, ancestors }, ctx);
}

/** Writes a status that differs; answers whether it did. */
async function tell<T extends KubeObject & { status?: object }>(
  resource: Resource<T>,
  object: T,
  status: T['status'],
  { client }: ReconcileContext,
): Promise<boolean> {
  if (object.metadata.deletionTimestamp || same(object.status, status)) return false;
  await unlessGone(client.updateStatus(resource, { ...object, status }));
  return true;
}
