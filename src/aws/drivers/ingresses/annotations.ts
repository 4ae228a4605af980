import { table } from '../../../shared/meta/table.ts';
import type { Annotations } from '../loadBalancers/annotations.ts';
import { albPrefix } from './actions.ts';

/** Annotations of the AWS Load Balancer Controller, without their prefix. */
const ofBackends = [
  'target-type',
  'backend-protocol',
  'backend-protocol-version',
  'healthcheck-protocol',
  'healthcheck-port',
  'healthcheck-path',
  'healthcheck-interval-seconds',
  'healthcheck-timeout-seconds',
  'healthy-threshold-count',
  'unhealthy-threshold-count',
  'success-codes',
  'target-group-attributes',
  'tags',
];
const ofIngresses = [
  'group.name',
  'group.order',
  'scheme',
  'ip-address-type',
  'load-balancer-name',
  'subnets',
  'security-groups',
  'inbound-cidrs',
  'certificate-arn',
  'ssl-policy',
  'listen-ports',
  'ssl-redirect',
  'load-balancer-attributes',
];
/** Returns whether one of these annotations, which are about the whole load balancer, cannot be honoured. */
export const isOfBalancer = ({ causes }: Annotations): boolean =>
  causes.some(({ field = '' }) => ofIngresses.some((key) => field.endsWith(`[${albPrefix}${key}]`)));

/** Followed by the name of a backend. */
const named = ['actions.', 'conditions.'];

/** Others that may stand with this value, since it asks for nothing. */
const idle: Record<string, string> = table({
  'auth-type': 'none',
  'enable-frontend-nlb': 'false',
  'multi-cluster-target-group': 'false',
  'use-regex-path-match': 'false',
});

const known = new Set([...ofBackends, ...ofIngresses]);
const knownOfServices = new Set(ofBackends);

/** Refuses all others: who asks for a login or a firewall and gets neither would be open to all. */
export function refuseUnknown(a: Annotations, of: 'Ingress' | 'Service'): void {
  for (const key of a.keys) {
    const isKnown =
      of === 'Service'
        ? knownOfServices.has(key)
        : known.has(key) || named.some((prefix) => key.startsWith(prefix));
    if (!isKnown && idle[key] !== (a.text(key) ?? ''))
      a.refuse(key, of === 'Service' ? 'is not supported on a Service' : 'is not supported');
  }
}
