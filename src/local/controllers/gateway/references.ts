import type {
  ConfigMap,
  EndpointSlice,
  Namespace,
  Secret,
  Service,
} from '../../../shared/kinds/schema/types.ts';
import type { RoutedBackend, ServiceEndpoint } from '../../../shared/ports/cloud.ts';
import type { Finding } from './conditions.ts';
import { no } from './conditions.ts';
import type { ObjectRef, ReferenceGrant } from './kinds.ts';
import type { PolicyFor } from './policies.ts';

/** Is what others refer to, by `namespace/name` where that is how they are found. */
export interface Referred {
  grants: ReferenceGrant[];
  namespaces: ReadonlyMap<string, Namespace>;
  services: ReadonlyMap<string, Service>;
  slices: ReadonlyMap<string, EndpointSlice[]>;
  secrets: ReadonlyMap<string, Secret>;
  configMaps: ReadonlyMap<string, ConfigMap>;
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
const http2 = 'kubernetes.io/h2c';
/** Said in a Service's `appProtocol`: what the router speaks towards programs. */
const spoken: ReadonlySet<string> = new Set(['http', 'kubernetes.io/ws', http2]);
/** Likewise where a policy says how programs are spoken to over TLS. */
const spokenOverTls: ReadonlySet<string> = new Set(['https', 'kubernetes.io/wss']);

/** Finds the Service port that a backend reference of a route names. */
export function resolveBackend(
  ref: ObjectRef,
  from: From,
  { grants, services, slices }: Referred,
  endpointsOf: (slices: EndpointSlice[]) => ServiceEndpoint[],
  policyFor: PolicyFor = () => undefined,
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
  const isStream = from.kind === 'TLSRoute';
  const policy = isStream ? undefined : policyFor(namespace, name, found.name ?? '');
  const isSpoken = (protocol: string) => spoken.has(protocol) || (policy && spokenOverTls.has(protocol));
  // Names of IANA's registry have no case (RFC 6335).
  const protocol = found.appProtocol?.includes('/') ? found.appProtocol : found.appProtocol?.toLowerCase();
  if (protocol && !isStream && !isSpoken(protocol))
    return bad(
      'UnsupportedProtocol',
      `port ${port} of ${what} speaks ${found.appProtocol}, which the router does not`,
    );
  const endpoints = endpointsOf(slices.get(`${namespace}/${name}`) ?? []).filter(
    ({ portName }) => portName === (found.name ?? ''),
  );
  const isHttp2 = from.kind === 'GRPCRoute' || (from.kind === 'HTTPRoute' && found.appProtocol === http2);
  const backend = {
    ...{ namespace, service: name },
    // Rather nobody than a program of which nobody knows whether it is the one that is meant.
    endpoints: policy && !policy.tls ? [] : endpoints,
    ...(isHttp2 && { isHttp2 }),
    ...(policy?.tls && { tls: policy.tls }),
  };
  const way = isStream ? ' stream' : isHttp2 ? ' http2' : '';
  return { key: `${namespace}/${name}:${port}${way}`, backend };
}
