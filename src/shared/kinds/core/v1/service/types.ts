/** Is what the fields of a Service make of it. */
import type { ServiceSpec } from '../../../schema/types.ts';

/** It has no address of its own: its name leads to the Pods themselves. */
export const isHeadless = ({ type, clusterIP, clusterIPs }: ServiceSpec): boolean =>
  type !== 'ExternalName' &&
  (clusterIPs?.[0] === 'None' || (clusterIPs?.length !== 1 && clusterIP === 'None'));

/** Returns whether the type has cluster IPs at all; a headless Service has `None` as its. */
export const hasClusterIP = ({ type }: ServiceSpec): boolean => type !== 'ExternalName';

/** Returns whether the cloud is asked for a load balancer. */
export const isLoadBalancer = ({ type }: ServiceSpec): boolean => type === 'LoadBalancer';

/** Returns whether the type may have node ports. */
export const hasNodePorts = ({ type }: ServiceSpec): boolean =>
  type === 'NodePort' || type === 'LoadBalancer';

/** Returns whether each port gets a node port: balancers may do without. */
export const needsNodePorts = (spec: ServiceSpec): boolean =>
  hasNodePorts(spec) && (!isLoadBalancer(spec) || spec.allocateLoadBalancerNodePorts !== false);

/** Traffic stays on the node, so the balancer has to ask which nodes have Pods. */
export const hasHealthCheckNodePort = (spec: ServiceSpec): boolean =>
  isLoadBalancer(spec) && spec.externalTrafficPolicy === 'Local';

/** Returns whether traffic from outside the cluster can reach the Service, so that its policies count. */
export const isExternal = (spec: ServiceSpec): boolean =>
  hasNodePorts(spec) || (spec.type === 'ClusterIP' && !!spec.externalIPs?.length);
