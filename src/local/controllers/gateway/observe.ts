import type { Client, Reader } from '../../../shared/client/client.ts';
import { servedBy } from '../../../shared/controllers/common/served.ts';
import { serviceLabel } from '../../../shared/controllers/endpointslice/plan.ts';
import { endpointSlices, namespaces, secrets, services } from '../../../shared/controllers/resources.ts';
import { apiVersionOf, type Resource } from '../../../shared/kinds/kind.ts';
import type { Secret } from '../../../shared/kinds/schema/types.ts';
import type { KubeObject } from '../../../shared/meta/object.ts';
import {
  type Gateway,
  gatewayClasses,
  gateways,
  grpcRoutes,
  type HTTPRoute,
  httpRoutes,
  referenceGrants,
} from './kinds.ts';
import type { Observed } from './plan.ts';

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
  const [classes, all, http, grpc, grants] = await Promise.all([
    listIfServed(gatewayClasses, client),
    listIfServed(gateways, client),
    listIfServed(httpRoutes, client),
    listIfServed(grpcRoutes, client),
    listIfServed(referenceGrants, client),
  ]);
  const found = { classes, gateways: all, httpRoutes: http, grpcRoutes: grpc, grants };
  if (!all.length)
    return { ...found, namespaces: new Map(), services: new Map(), slices: new Map(), secrets: new Map() };
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
    secrets: await secretsOf(all, client),
  };
}

const nameOf = ({ metadata: { namespace, name } }: KubeObject) => `${namespace}/${name}`;

/** Names of the Secrets, with their namespaces, that the listeners of a Gateway have certificates from. */
export const secretNames = ({ metadata, spec }: Gateway): string[] =>
  spec.listeners
    .flatMap(({ tls }) => tls?.certificateRefs ?? [])
    .map(({ namespace = metadata.namespace, name }) => `${namespace}/${name}`);

/** Names of the Services, with their namespaces, to which a route may send requests. */
export const serviceNames = ({ metadata, spec }: HTTPRoute): string[] =>
  (spec.rules ?? [])
    .flatMap(({ backendRefs = [], filters = [] }) => [
      ...backendRefs,
      ...filters.flatMap(({ requestMirror }) => requestMirror?.backendRef ?? []),
    ])
    .map(({ namespace = metadata.namespace, name }) => `${namespace}/${name}`);

async function secretsOf(all: readonly Gateway[], client: Client): Promise<Map<string, Secret>> {
  const found = new Map<string, Secret>();
  for (const key of new Set(all.flatMap(secretNames))) {
    const [namespace = '', name = ''] = key.split('/');
    const secret = await client.get(secrets, namespace, name);
    if (secret) found.set(key, secret);
  }
  return found;
}
