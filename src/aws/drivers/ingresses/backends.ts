import type { Cause } from '../../../shared/errors/apiError.ts';
import type { Ingress } from '../../../shared/kinds/schema/types.ts';
import type { IngressEndpoints } from '../../../shared/ports/cloud.ts';
import { Annotations } from '../loadBalancers/annotations.ts';
import type { HealthCheck } from '../loadBalancers/stack.ts';
import { albPrefix } from './actions.ts';
import { refuseUnknown } from './annotations.ts';

/** Describes what the annotations ask of one target group: the Service's come before the Ingress's. */
export interface BackendSettings {
  protocol: 'HTTP' | 'HTTPS';
  health: HealthCheck;
  attributes: Record<string, string>;
  tags: Record<string, string>;
}

/** No task outlives its stop by more. */
const longestStopSeconds = '120';

/** `causes` gets what cannot be honoured. */
export function backendSettings(
  { metadata }: Ingress,
  { service, annotations = {} }: Pick<IngressEndpoints, 'service' | 'annotations'>,
  causes: Cause[],
): BackendSettings {
  const own = new Annotations({ metadata: { annotations } }, albPrefix);
  refuseUnknown(own, 'Service');
  const both = new Annotations(
    { metadata: { annotations: { ...metadata.annotations, ...annotations } } },
    albPrefix,
  );
  both.oneOf('target-type', ['ip']);
  both.oneOf('backend-protocol-version', ['http1']);
  const protocol = (both.oneOf('backend-protocol', ['http', 'https']) ?? 'http').toUpperCase();
  const settings: BackendSettings = {
    protocol: protocol as BackendSettings['protocol'],
    health: healthOf(both, protocol),
    attributes: {
      'deregistration_delay.timeout_seconds': longestStopSeconds,
      ...both.pairs('target-group-attributes'),
    },
    tags: { ...new Annotations({ metadata }, albPrefix).pairs('tags'), ...own.pairs('tags') },
  };
  const at = (cause: Cause): Cause =>
    Object.keys(annotations).some((key) => cause.field?.endsWith(`[${key}]`))
      ? { ...cause, message: `${cause.message} (of the Service ${service})` }
      : cause;
  causes.push(...[...own.causes, ...both.causes].map(at));
  return settings;
}

/** As the AWS Load Balancer Controller has it. */
function healthOf(a: Annotations, backend: string): HealthCheck {
  const protocol = (a.oneOf('healthcheck-protocol', ['http', 'https']) ?? backend).toUpperCase();
  const health: HealthCheck = {
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
  if (health.timeout >= health.interval)
    a.refuse('healthcheck-timeout-seconds', 'must be shorter than the interval');
  return health;
}
