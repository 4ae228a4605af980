import type { Pod, Service } from '../../kinds/schema/types.ts';
import { suffixOf } from './hash.ts';
import { conditionOf } from './pods.ts';
import { selectsMap } from './selector.ts';

/** Says why the condition of a Pod at a load balancer is as it is. */
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

const serviceDomain = 'service.shallop.dev/';
const ingressDomain = 'ingress.shallop.dev/';
/** Of the part of a condition's type behind the slash. */
const longestName = 63;

/** Type of the condition that says how a Pod stands with the load balancer of a Service: a readiness gate of it, too. */
export const balancerCondition = (service: string): string => serviceDomain + service;

/** The same for the load balancer that serves an Ingress, whose name may be longer than a condition's. */
export const ingressCondition = (ingress: string): string =>
  ingressDomain +
  (ingress.length <= longestName
    ? ingress
    : `${ingress.slice(0, longestName - 11)}-${suffixOf(ingress, 10)}`);

const isOfBalancer = (type: string): boolean =>
  type.startsWith(serviceDomain) || type.startsWith(ingressDomain);

/** The readiness gates of a Pod that load balancers open: types of its conditions. */
export const balancerGates = ({ spec }: Pod): string[] =>
  (spec?.readinessGates ?? []).flatMap(({ conditionType }) =>
    isOfBalancer(conditionType) ? [conditionType] : [],
  );

/** Returns whether the Pod's readiness waits for the load balancer of some Ingress. */
export const waitsForIngress = (pod: Pod): boolean =>
  balancerGates(pod).some((type) => type.startsWith(ingressDomain));

/** The Services whose load balancers a Pod's readiness waits for. */
export const gatedServices = (pod: Pod): string[] =>
  balancerGates(pod).flatMap((type) =>
    type.startsWith(serviceDomain) ? [type.slice(serviceDomain.length)] : [],
  );

/** Returns whether connections come to the Pod by a load balancer of the Service. */
export const balances = ({ metadata, spec }: Service, { metadata: { labels } }: Pod): boolean =>
  spec?.type === 'LoadBalancer' &&
  !metadata.deletionTimestamp &&
  selectsPod({ spec }, { metadata: { labels } });

/** Returns whether the Service leads to Pods with these labels. One without a selector leads to none. */
export const selectsPod = (
  { spec }: Pick<Service, 'spec'>,
  { metadata: { labels } }: { metadata: Pick<Pod['metadata'], 'labels'> },
): boolean => Object.keys(spec?.selector ?? {}).length > 0 && selectsMap(spec?.selector ?? {}, labels);

/** Returns whether a readiness gate of that type no longer holds the Pod back. */
export const isGateOpen = (pod: Pod, type: string): boolean => conditionOf(pod, type)?.status === 'True';

/** Returns when the last load balancer let go of a Pod: milliseconds since the epoch; undefined when none did. */
export function drainedAt({ status }: Pod): number | undefined {
  const times = (status?.conditions ?? [])
    .filter(({ type, reason }) => isOfBalancer(type) && reason === balancing.drained)
    .map(({ lastTransitionTime }) => Date.parse(lastTransitionTime ?? ''));
  return times.length > 0 ? Math.max(...times) : undefined;
}
