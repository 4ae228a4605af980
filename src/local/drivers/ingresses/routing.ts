import type { HTTPIngressPath, IngressBackend } from '../../../shared/kinds/schema/types.ts';
import type {
  IngressMember,
  RoutedBackend,
  RoutedCertificate,
  RoutedHost,
  RouteRule,
  Routing,
} from '../../../shared/ports/cloud.ts';
import { usual } from './address.ts';

/** Says which Ingress has a certificate, and from which Secret. */
export interface CertificateOwner {
  uid: string;
  /** `namespace/name`. */
  secret: string;
}

export interface IngressRouting {
  routing: Routing;
  owners: ReadonlyMap<RoutedCertificate, CertificateOwner>;
}

/** The same on both ports. */
export function routingOf(members: readonly IngressMember[]): IngressRouting {
  const hosts = hostsOf(members);
  const owners = certificatesOf(members);
  const backends = new Map<string, RoutedBackend>();
  for (const { ingress, backends: found } of members)
    for (const { service, port, endpoints } of found) {
      const { namespace = '' } = ingress.metadata;
      backends.set(backendKey(namespace, service, port), { namespace, service, endpoints });
    }
  const ports = [
    { port: usual.http, isSecure: false, hosts },
    { port: usual.https, isSecure: true, hosts, certificates: [...owners.keys()] },
  ];
  return { routing: { ports, backends }, owners };
}

/** One Service port of a namespace, as Ingresses name it. */
const backendKey = (namespace: string, service: string, port: string | number): string =>
  `${namespace}/${service}:${port}`;

const everyHost = '';

/**
 * The rules of Ingresses, of which the first one counts where two are for the same. A full host goes before a wildcard
 * and that before none; an exact path before a prefix, and a longer prefix before a shorter one. What no path of the host
 * is for goes to the default backend.
 */
function hostsOf(members: readonly IngressMember[]): RoutedHost[] {
  const hosts = new Map<string, RouteRule[]>();
  let fallback: RouteRule | undefined;
  for (const { ingress } of members) {
    const { namespace = '' } = ingress.metadata;
    const { rules = [], defaultBackend } = ingress.spec ?? {};
    if (defaultBackend) fallback ??= ruleOf(namespace, { pathType: 'Prefix', backend: defaultBackend })[0];
    for (const { host = everyHost, http } of rules) {
      const known = hosts.get(host.toLowerCase()) ?? [];
      hosts.set(host.toLowerCase(), known);
      for (const path of http?.paths ?? []) known.push(...ruleOf(namespace, path));
    }
  }
  if (fallback && !hosts.has(everyHost)) hosts.set(everyHost, []);
  return [...hosts].map(([host, rules]) => ({
    host,
    isOneLabel: true,
    rules: [[...rules.sort(byRank), ...(fallback ? [fallback] : [])]],
  }));
}

function ruleOf(namespace: string, { path = '/', pathType, backend }: HTTPIngressPath): RouteRule[] {
  const key = keyOf(namespace, backend);
  if (key === undefined) return [];
  const match = {
    path: { type: pathType === 'Exact' ? ('exact' as const) : ('prefix' as const), value: path },
  };
  return [{ name: key, match, backends: [{ backend: key, weight: 1 }] }];
}

function keyOf(namespace: string, { service }: IngressBackend): string | undefined {
  const port = service?.port?.name || service?.port?.number;
  return service && port ? backendKey(namespace, service.name, port) : undefined;
}

/** Sorting keeps the order of what has the same rank. */
const byRank = ({ match: { path: a } }: RouteRule, { match: { path: b } }: RouteRule): number =>
  Number(b.type === 'exact') - Number(a.type === 'exact') || b.value.length - a.value.length;

function certificatesOf(members: readonly IngressMember[]): Map<RoutedCertificate, CertificateOwner> {
  const all = new Map<RoutedCertificate, CertificateOwner>();
  for (const { ingress, certificates = [] } of members)
    for (const { hosts, secret, certificate, key } of certificates)
      for (const host of hosts.length ? hosts : [everyHost])
        all.set(
          { host, isOneLabel: true, certificate, key },
          { uid: ingress.metadata.uid ?? '', secret: `${ingress.metadata.namespace}/${secret}` },
        );
  return all;
}
