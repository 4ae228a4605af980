import type { Ingress } from '../../../kinds/schema/types.ts';
import { albPrefix } from '../../ingressActions.ts';
import { Annotations } from '../loadBalancers/annotations.ts';
import type { Scheme } from '../loadBalancers/stack.ts';
import { refuseUnknown } from './annotations.ts';
import { type ListenPort, listenPorts } from './listenPorts.ts';

/** What an Ingress's annotations ask of the load balancer; absent or empty: nothing. */
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

/** Findings, which name each annotation that cannot be honoured, are added to `a`. */
export function settingsOf(a: Annotations, { spec }: Ingress): Settings {
  refuseUnknown(a, 'Ingress');
  a.oneOf('ip-address-type', ['ipv4']);
  const certificates = a.list('certificate-arn', /^arn:[\w-]+:(acm|iam):/, 'is not the ARN of a certificate');
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
    certificates,
    sslPolicy: a.text('ssl-policy'),
    listen: listenPorts(a, certificates.length > 0),
    sslRedirect: a.number('ssl-redirect', 1, 65_535),
    attributes: a.pairs('load-balancer-attributes'),
    tags: a.pairs('tags'),
  };
  if (spec?.tls?.length && !settings.listen.some(({ protocol }) => protocol === 'HTTPS'))
    a.causes.push({
      reason: 'FieldValueNotSupported',
      field: 'spec.tls',
      message: 'Unsupported value: certificates come from ACM: name one in the annotation certificate-arn',
    });
  return settings;
}

export const annotationsOf = (ingress: Ingress): Annotations => new Annotations(ingress, albPrefix);
