import type { EndpointSlice, Namespace, Secret, Service } from '../../../shared/kinds/schema/types.ts';
import type { RoutedBackend, ServiceEndpoint } from '../../../shared/ports/cloud.ts';
import type { Finding } from './conditions.ts';
import { no } from './conditions.ts';
import type { ObjectRef, ReferenceGrant } from './kinds.ts';

/** Is what others refer to, by `namespace/name` where that is how they are found. */
export interface Referred {
  grants: ReferenceGrant[];
  namespaces: ReadonlyMap<string, Namespace>;
  services: ReadonlyMap<string, Service>;
  slices: ReadonlyMap<string, EndpointSlice[]>;
  secrets: ReadonlyMap<string, Secret>;
}

/** Names the kind and namespace that something refers from. */
export interface From {
  group: string;
  kind: string;
  namespace: string;
}

/** Returns whether a reference into another namespace is permitted there. */
export const isGranted = (
  grants: readonly ReferenceGrant[],
  from: From,
  to: { group: string; kind: string; namespace: string; name: string },
): boolean =>
  from.namespace === to.namespace ||
  grants.some(
    ({ metadata, spec }) =>
      metadata.namespace === to.namespace &&
      spec.from.some(
        (each) => each.group === from.group && each.kind === from.kind && each.namespace === from.namespace,
      ) &&
      spec.to.some(
        (each) => each.group === to.group && each.kind === to.kind && (!each.name || each.name === to.name),
      ),
  );

/** A Service port that a route may send requests to, or why it may not. */
export type Resolved = { key: string; backend: RoutedBackend } | { problem: Finding };

const resolvedRefs = 'ResolvedRefs';
/** Said in a Service's `appProtocol`: what the router speaks towards programs. */
const spoken: ReadonlySet<string> = new Set(['http', 'kubernetes.io/ws']);

/** Finds the Service port that a backend reference of a route names. */
export function resolveBackend(
  ref: ObjectRef,
  from: From,
  { grants, services, slices }: Referred,
  endpointsOf: (slices: EndpointSlice[]) => ServiceEndpoint[],
): Resolved {
  const { group = '', kind = 'Service', namespace = from.namespace, name, port } = ref;
  const bad = (reason: string, message: string) => ({ problem: no(resolvedRefs, reason, message) });
  if (group !== '' || kind !== 'Service')
    return bad('InvalidKind', `${group ? `${group}/` : ''}${kind} is no backend here: only a Service is`);
  const what = `Service ${namespace}/${name}`;
  if (!isGranted(grants, from, { group, kind, namespace, name }))
    return bad(
      'RefNotPermitted',
      `no ReferenceGrant in ${namespace} permits ${from.kind}s of ${from.namespace} to refer to ${what}`,
    );
  const service = services.get(`${namespace}/${name}`);
  if (!service) return bad('BackendNotFound', `there is no ${what}`);
  if (service.spec?.type === 'ExternalName')
    return bad('BackendNotFound', `${what} leads out of the cluster by a name, where nothing is sent`);
  const found = service.spec?.ports?.find((each) => each.port === port);
  if (!found) return bad('BackendNotFound', `${what} has no port ${port}`);
  if (found.appProtocol && !spoken.has(found.appProtocol))
    return bad(
      'UnsupportedProtocol',
      `port ${port} of ${what} speaks ${found.appProtocol}, which the router does not`,
    );
  const endpoints = endpointsOf(slices.get(`${namespace}/${name}`) ?? []).filter(
    ({ portName }) => portName === (found.name ?? ''),
  );
  return { key: `${namespace}/${name}:${port}`, backend: { namespace, service: name, endpoints } };
}
