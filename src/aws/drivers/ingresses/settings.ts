import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import { Annotations } from '../loadBalancers/annotations.ts';
import type { Scheme } from '../loadBalancers/stack.ts';
import { albPrefix } from './actions.ts';
import { refuseUnknown } from './annotations.ts';
import type { Certificates } from './discovery.ts';
import { type ListenPort, listenPorts } from './listenPorts.ts';

/** Describes what an Ingress's annotations ask of the load balancer; absent or empty: nothing. */
export interface Settings {
  scheme?: Scheme;
  name?: string;
  subnets: string[];
  securityGroups: string[];
  sourceRanges: string[];
  certificates: string[];
  sslPolicy?: string;
  listen: ListenPort[];
  /** Port of the HTTPS listener to which all that are HTTP lead. */
  sslRedirect?: number;
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

/** Findings, which name each annotation that cannot be honoured, are added to `a`. `found`: what ACM has for its hosts. */
export function settingsOf(a: Annotations, ingress: Ingress, found: Certificates): Settings {
  refuseUnknown(a, 'Ingress');
  a.oneOf('ip-address-type', ['ipv4']);
  const certificates = certificatesIn(a);
  const listen = listenPorts(a, certificates.length > 0);
  const settings: Settings = {
    scheme: a.oneOf('scheme', ['internet-facing', 'internal']),
    name: a.matching(
      'load-balancer-name',
      /^(?!internal-)[a-zA-Z0-9]([-a-zA-Z0-9]{0,30}[a-zA-Z0-9])?$/,
      'must be at most 32 letters, digits and inner hyphens, and not begin with internal-',
    ),
    subnets: a.list('subnets', /^subnet-[0-9a-f]+$/, 'is not the id of a subnet'),
    securityGroups: a.list('security-groups', /^sg-[0-9a-f]+$/, 'is not the id of a security group'),
    sourceRanges: a.list('inbound-cidrs', /^[0-9a-f.:]+\/\d{1,3}$/i, 'is not a CIDR'),
    certificates: certificates.length > 0 ? certificates : foundIn(a, hostsToDiscover(ingress), found),
    sslPolicy: a.text('ssl-policy'),
    listen,
    sslRedirect: a.number('ssl-redirect', 1, 65_535),
    attributes: a.pairs('load-balancer-attributes'),
    tags: a.pairs('tags'),
  };
  if (ingress.spec?.tls?.length && !listen.some(isSecure))
    a.causes.push({
      reason: 'FieldValueNotSupported',
      field: 'spec.tls',
      message:
        'Unsupported value: certificates come from ACM: listen for HTTPS (listen-ports), or name one in certificate-arn',
    });
  return settings;
}

/** Hosts for which a certificate has to be looked for: those of an Ingress that wants HTTPS and names none. */
export function hostsToDiscover({ metadata, spec }: Ingress): string[] {
  const a = annotationsOf({ metadata });
  if (certificatesIn(a).length > 0 || !listenPorts(a, false).some(isSecure)) return [];
  const hosts = [
    ...(spec?.rules ?? []).flatMap(({ host }) => host || []),
    ...(spec?.tls ?? []).flatMap((tls) => tls.hosts ?? []),
  ];
  return [...new Set(hosts)];
}

function foundIn(a: Annotations, hosts: string[], found: Certificates): string[] {
  for (const host of hosts)
    if (!found.get(host)?.length)
      a.refuse(
        'listen-ports',
        `no certificate found for host: ${host}: ACM has none, and certificate-arn is not set`,
      );
  return [...new Set(hosts.flatMap((host) => found.get(host) ?? []))].sort();
}

const certificatesIn = (a: Annotations) =>
  a.list('certificate-arn', /^arn:[\w-]+:(acm|iam):/, 'is not the ARN of a certificate');

const isSecure = ({ protocol }: ListenPort) => protocol === 'HTTPS';

export const annotationsOf = (ingress: Ingress): Annotations => new Annotations(ingress, albPrefix);
