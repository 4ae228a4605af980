import type { Client, Reader } from '../../../shared/client/client.ts';
import { servedBy } from '../../../shared/controllers/common/served.ts';
import { serviceLabel } from '../../../shared/controllers/endpointslice/plan.ts';
import {
  configMaps,
  endpointSlices,
  namespaces,
  secrets,
  services,
} from '../../../shared/controllers/resources.ts';
import { apiVersionOf, type Resource } from '../../../shared/kinds/kind.ts';
import type { KubeObject } from '../../../shared/meta/object.ts';
import {
  backendTLSPolicies,
  type Gateway,
  gatewayClasses,
  gateways,
  grpcRoutes,
  type HTTPRouteFilter,
  httpRoutes,
  type ObjectRef,
  type Route,
  referenceGrants,
  tlsRoutes,
} from './kinds.ts';
import type { Observed } from './plan.ts';
import { configMapNames } from './policies.ts';

/** Returns whether the logical cluster serves a kind now. */
export async function isServed(resource: Resource, client: Pick<Reader, 'resources'>): Promise<boolean> {
  const { ownerKind } = await servedBy(client);
  return ownerKind({ apiVersion: apiVersionOf(resource), kind: resource.kind }) !== undefined;
}

/** All of a kind that may not be served. */
export const listIfServed = async <T extends KubeObject>(
  resource: Resource<T>,
  client: Reader,
): Promise<T[]> => ((await isServed(resource, client)) ? client.list(resource) : []);

/** Reads what there is of Gateways and routes, and what they refer to. */
export async function observe(client: Client): Promise<Observed> {
  const [classes, all, http, grpc, tls, policies, grants] = await Promise.all([
    listIfServed(gatewayClasses, client),
    listIfServed(gateways, client),
    listIfServed(httpRoutes, client),
    listIfServed(grpcRoutes, client),
    listIfServed(tlsRoutes, client),
    listIfServed(backendTLSPolicies, client),
    listIfServed(referenceGrants, client),
  ]);
  const routes = { httpRoutes: http, grpcRoutes: grpc, tlsRoutes: tls };
  const found = { classes, gateways: all, ...routes, policies, grants };
  if (!all.length)
    return {
      ...found,
      ...{ namespaces: new Map(), services: new Map(), slices: new Map() },
      ...{ secrets: new Map(), configMaps: new Map() },
    };
  const [places, every, slices] = await Promise.all([
    client.list(namespaces),
    client.list(services),
    client.list(endpointSlices),
  ]);
  return {
    ...found,
    namespaces: new Map(places.map((each) => [each.metadata.name ?? '', each])),
    services: new Map(every.map((each) => [nameOf(each), each])),
    slices: Map.groupBy(slices, ({ metadata }) => `${metadata.namespace}/${metadata.labels?.[serviceLabel]}`),
    secrets: await named(secrets, all.flatMap(secretNames), client),
    configMaps: await named(configMaps, policies.flatMap(configMapNames), client),
  };
}

const nameOf = ({ metadata: { namespace, name } }: KubeObject) => `${namespace}/${name}`;

/** Names of the Secrets, with their namespaces, that the listeners of a Gateway have certificates from. */
export const secretNames = ({ metadata, spec }: Gateway): string[] =>
  spec.listeners
    .flatMap(({ tls }) => tls?.certificateRefs ?? [])
    .map(({ namespace = metadata.namespace, name }) => `${namespace}/${name}`);

/** Names of the Services, with their namespaces, to which a route may send requests. */
export const serviceNames = ({ metadata, spec }: RouteWithRules): string[] =>
  (spec.rules ?? [])
    .flatMap(({ backendRefs = [], filters = [] }) => [
      ...backendRefs,
      ...filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []),
    ])
    .map(({ namespace = metadata.namespace, name }) => `${namespace}/${name}`);

/** A route of any kind, as far as it says where requests go. */
type RouteWithRules = Route & {
  spec: { rules?: { backendRefs?: ObjectRef[]; filters?: HTTPRouteFilter[] }[] };
};

/** Those of these names (`namespace/name`) that are there. */
async function named<T extends KubeObject>(
  resource: Resource<T>,
  names: readonly string[],
  client: Client,
): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for (const key of new Set(names)) {
    const [namespace = '', name = ''] = key.split('/');
    const object = await client.get(resource, namespace, name);
    if (object) found.set(key, object);
  }
  return found;
}
