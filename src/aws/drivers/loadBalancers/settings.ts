import { invalid } from '../../../shared/errors/common.ts';
import type { Service } from '../../../shared/kinds/schema/types.ts';
import { Annotations } from './annotations.ts';
import type { HealthCheck, Scheme } from './stack.ts';

/** Describes what the Service's annotations and fields ask of its load balancer. */
export interface Settings {
  scheme: Scheme;
  name?: string;
  shared?: string;
  subnets: string[];
  allocations: string[];
  securityGroups: string[];
  sourceRanges: string[];
  certificates: string[];
  /** Names or numbers of the ports with TLS; `*` for all. */
  sslPorts: string[];
  sslPolicy: string;
  /** TLS up to the Pods as well. */
  backendTls: boolean;
  health: HealthCheck;
  attributes: Record<string, string>;
  /** `externalTrafficPolicy: Local` promises that Pods see the client's address. */
  keepsClientAddress: boolean;
  targetGroupAttributes: Record<string, string>;
  tags: Record<string, string>;
}

const tlsPolicy = 'ELBSecurityPolicy-TLS13-1-2-2021-06';
/** No task outlives its stop by more. */
const longestStopSeconds = 120;

/** Throws Invalid, which names each annotation that cannot be honoured. */
export function settingsOf(service: Service): Settings {
  const a = new Annotations(service);
  a.oneOf('type', ['external', 'nlb', 'nlb-ip']);
  a.oneOf('nlb-target-type', ['ip']);
  const legacyInternal = a.oneOf('internal', ['true', 'false', '0.0.0.0/0']);
  const internal = legacyInternal !== undefined && legacyInternal !== 'false';
  const settings: Settings = {
    scheme: a.oneOf('scheme', ['internet-facing', 'internal']) ?? (internal ? 'internal' : 'internet-facing'),
    name: a.matching(
      'name',
      /^(?!internal-)[a-zA-Z0-9]([-a-zA-Z0-9]{0,30}[a-zA-Z0-9])?$/,
      'must be at most 32 letters, digits and inner hyphens, and not begin with internal-',
    ),
    shared: a.shared(),
    subnets: a.list('subnets', /^subnet-[0-9a-f]+$/, 'is not the id of a subnet'),
    allocations: a.list('eip-allocations', /^eipalloc-[0-9a-f]+$/, 'is not an allocation id'),
    securityGroups: a.list('security-groups', /^sg-[0-9a-f]+$/, 'is not the id of a security group'),
    sourceRanges: a.sourceRanges(service),
    certificates: a.list('ssl-cert', /^arn:[\w-]+:(acm|iam):/, 'is not the ARN of a certificate'),
    sslPorts: a.list('ssl-ports'),
    sslPolicy: a.text('ssl-negotiation-policy') ?? tlsPolicy,
    backendTls: ['ssl', 'tls'].includes(a.oneOf('backend-protocol', ['tcp', 'ssl', 'tls']) ?? ''),
    health: healthOf(a),
    attributes: a.pairs('attributes'),
    keepsClientAddress: service.spec?.externalTrafficPolicy === 'Local',
    targetGroupAttributes: targetGroupAttributes(a, service),
    tags: a.pairs('additional-resource-tags'),
  };
  if (settings.sslPorts.length === 0) settings.sslPorts = ['*'];
  checkTogether(a, settings);
  if (a.causes.length > 0) throw invalid('Service', '', service.metadata.name ?? '', a.causes);
  return settings;
}

function checkTogether(
  a: Annotations,
  { scheme, allocations, subnets, name, shared, securityGroups, health }: Settings,
): void {
  if (allocations.length > 0 && scheme === 'internal')
    a.refuse('eip-allocations', 'an internal load balancer has no public addresses');
  if (allocations.length > 0 && allocations.length !== subnets.length)
    a.refuse('eip-allocations', 'there must be as many as in the annotation for subnets');
  if (shared && securityGroups.length > 0) a.refuse('security-groups', 'a shared load balancer has its own');
  if (name && shared) a.refuse('name', 'a shared load balancer is named by its group');
  if (health.timeout > health.interval)
    a.refuse('healthcheck-timeout', 'must not be longer than the interval');
}

function healthOf(a: Annotations): HealthCheck {
  const protocol = (a.oneOf('healthcheck-protocol', ['tcp', 'http', 'https']) ?? 'tcp').toUpperCase();
  const interval = a.number('healthcheck-interval', 5, 300) ?? 10;
  return {
    protocol: protocol as HealthCheck['protocol'],
    port:
      a.matching('healthcheck-port', /^(traffic-port|\d{1,5})$/, 'must be a port or traffic-port') ??
      'traffic-port',
    ...(protocol !== 'TCP' && { path: a.matching('healthcheck-path', /^\//, 'must begin with /') ?? '/' }),
    interval,
    timeout: a.number('healthcheck-timeout', 2, 120) ?? Math.min(protocol === 'TCP' ? 10 : 6, interval),
    healthyThreshold: a.number('healthcheck-healthy-threshold', 2, 10) ?? 3,
    unhealthyThreshold: a.number('healthcheck-unhealthy-threshold', 2, 10) ?? 3,
  };
}

/** Each is said, also when it is not wanted: what is not said stays as it was. */
function targetGroupAttributes(a: Annotations, { spec }: Service): Record<string, string> {
  const proxy = a.matching('proxy-protocol', /^\*$/, 'must be *') === '*';
  return {
    'deregistration_delay.timeout_seconds': String(longestStopSeconds),
    'stickiness.enabled': String(spec?.sessionAffinity === 'ClientIP'),
    'stickiness.type': 'source_ip',
    'proxy_protocol_v2.enabled': String(proxy),
    ...a.pairs('target-group-attributes'),
  };
}
