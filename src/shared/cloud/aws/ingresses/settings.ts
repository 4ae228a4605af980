import { invalid } from '../../../errors/common.ts';
import type { Ingress } from '../../../kinds/schema/types.ts';
import { Annotations } from '../loadBalancers/annotations.ts';
import type { HealthCheck, Scheme } from '../loadBalancers/stack.ts';
import { isKnown, prefix } from './annotations.ts';
import { type ListenPort, listenPorts } from './listenPorts.ts';

/** What the Ingress's annotations ask of its load balancer. */
export interface Settings {
  scheme: Scheme;
  name?: string;
  subnets: string[];
  securityGroups: string[];
  sourceRanges: string[];
  certificates: string[];
  sslPolicy: string;
  listen: ListenPort[];
  /** Port of the HTTPS listener to which all others lead. */
  sslRedirect?: number;
  backend: 'HTTP' | 'HTTPS';
  health: HealthCheck;
  attributes: Record<string, string>;
  targetGroupAttributes: Record<string, string>;
  tags: Record<string, string>;
}

const tlsPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06';
/** No task outlives its stop by more. */
const longestStopSeconds = '120';

/** Throws Invalid, which names each annotation that cannot be honoured. */
export function settingsOf(ingress: Ingress): Settings {
  const a = new Annotations(ingress, prefix);
  for (const key of a.keys) if (!isKnown(key)) a.refuse(key, 'is not supported');
  a.oneOf('target-type', ['ip']);
  a.oneOf('ip-address-type', ['ipv4']);
  const certificates = a.list('certificate-arn', /^arn:[\w-]+:(acm|iam):/, 'is not the ARN of a certificate');
  const backend = (a.oneOf('backend-protocol', ['http', 'https']) ?? 'http').toUpperCase();
  const listen = listenPorts(a, certificates.length > 0);
  const ranges = a.list('inbound-cidrs', /^[0-9a-f.:]+\/\d{1,3}$/i, 'is not a CIDR');
  const settings: Settings = {
    scheme: a.oneOf('scheme', ['internet-facing', 'internal']) ?? 'internet-facing',
    name: a.matching(
      'load-balancer-name',
      /^(?!internal-)[a-zA-Z0-9]([-a-zA-Z0-9]{0,30}[a-zA-Z0-9])?$/,
      'must be at most 32 letters, digits and inner hyphens, and not begin with internal-',
    ),
    subnets: a.list('subnets', /^subnet-[0-9a-f]+$/, 'is not the id of a subnet'),
    securityGroups: a.list('security-groups', /^sg-[0-9a-f]+$/, 'is not the id of a security group'),
    sourceRanges: ranges.length > 0 ? ranges : ['0.0.0.0/0'],
    certificates,
    sslPolicy: a.text('ssl-policy') ?? tlsPolicy,
    listen,
    sslRedirect: a.number('ssl-redirect', 1, 65_535),
    backend: backend as Settings['backend'],
    health: healthOf(a, backend),
    attributes: a.pairs('load-balancer-attributes'),
    targetGroupAttributes: {
      'deregistration_delay.timeout_seconds': longestStopSeconds,
      ...a.pairs('target-group-attributes'),
    },
    tags: a.pairs('tags'),
  };
  checkTogether(a, settings, ingress);
  if (a.causes.length > 0)
    throw invalid('Ingress', 'networking.k8s.io', ingress.metadata.name ?? '', a.causes);
  return settings;
}

function checkTogether(a: Annotations, settings: Settings, { spec }: Ingress): void {
  const { listen, sslRedirect, certificates, health } = settings;
  const secure = listen.filter(({ protocol }) => protocol === 'HTTPS');
  if (secure.length > 0 && certificates.length === 0)
    a.refuse('listen-ports', 'HTTPS needs the annotation certificate-arn');
  if (sslRedirect !== undefined && !secure.some(({ port }) => port === sslRedirect))
    a.refuse('ssl-redirect', 'must be a port that listens for HTTPS');
  if (health.timeout >= health.interval)
    a.refuse('healthcheck-timeout-seconds', 'must be shorter than the interval');
  if (spec?.tls?.length && secure.length === 0)
    a.causes.push({
      reason: 'FieldValueNotSupported',
      field: 'spec.tls',
      message: 'Unsupported value: certificates come from ACM: name one in the annotation certificate-arn',
    });
}

/** As the AWS Load Balancer Controller has it. */
function healthOf(a: Annotations, backend: string): HealthCheck {
  const protocol = (a.oneOf('healthcheck-protocol', ['http', 'https']) ?? backend).toUpperCase();
  return {
    protocol: protocol as HealthCheck['protocol'],
    port:
      a.matching('healthcheck-port', /^(traffic-port|\d{1,5})$/, 'must be a port or traffic-port') ??
      'traffic-port',
    path: a.matching('healthcheck-path', /^\//, 'must begin with /') ?? '/',
    codes: a.matching('success-codes', /^\d{3}([-,]\d{3})*$/, 'must be statuses, as in 200,301-302') ?? '200',
    interval: a.number('healthcheck-interval-seconds', 5, 300) ?? 15,
    timeout: a.number('healthcheck-timeout-seconds', 2, 120) ?? 5,
    healthyThreshold: a.number('healthy-threshold-count', 2, 10) ?? 2,
    unhealthyThreshold: a.number('unhealthy-threshold-count', 2, 10) ?? 2,
  };
}
