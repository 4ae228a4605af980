import type { Pod, Service } from '../../kinds/schema/types.ts';
import { conditionOf } from './pods.ts';
import { selectsMap } from './selector.ts';

/** Why the condition of a Pod at a load balancer is as it is. */
export const balancing = {
  /** It gets connections. */
  healthy: 'TargetHealthy',
  /** There is no load balancer that could send any. */
  none: 'NoLoadBalancer',
  /** The load balancer was told to send no more, and may still do so for a while. */
  deregistered: 'Deregistered',
  /** No new connection comes any more. */
  drained: 'Drained',
} as const;

const domain = 'service.shallop.dev';

/** Type of the condition that says how a Pod stands with the load balancer of a Service: a readiness gate of it, too. */
export const balancerCondition = (service: string): string => `${domain}/${service}`;

/** The Services whose load balancers a Pod's readiness waits for. */
export const gatedServices = ({ spec }: Pod): string[] =>
  (spec?.readinessGates ?? []).flatMap(({ conditionType }) =>
    conditionType.startsWith(`${domain}/`) ? [conditionType.slice(domain.length + 1)] : [],
  );

/** Whether connections come to the Pod by a load balancer of the Service. */
export const balances = ({ metadata, spec }: Service, { metadata: { labels } }: Pod): boolean =>
  spec?.type === 'LoadBalancer' &&
  !metadata.deletionTimestamp &&
  Object.keys(spec.selector ?? {}).length > 0 &&
  selectsMap(spec.selector ?? {}, labels);

/** Whether a readiness gate of that type no longer holds the Pod back. */
export const isGateOpen = (pod: Pod, type: string): boolean => conditionOf(pod, type)?.status === 'True';

/** When the last load balancer let go of a Pod: milliseconds since the epoch; undefined when none did. */
export function drainedAt({ status }: Pod): number | undefined {
  const times = (status?.conditions ?? [])
    .filter(({ type, reason }) => type.startsWith(`${domain}/`) && reason === balancing.drained)
    .map(({ lastTransitionTime }) => Date.parse(lastTransitionTime ?? ''));
  return times.length > 0 ? Math.max(...times) : undefined;
}
