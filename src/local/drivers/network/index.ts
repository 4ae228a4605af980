export { LocalDemand } from './demand/index.ts';
export { openHostPorts } from './hostPorts.ts';
export { LocalLoadBalancers, type LocalLoadBalancersOptions, type ProxyTimings } from './loadBalancers.ts';
export type { ClusterAddresses, LocalNetwork } from './network.ts';
export { type ChooseOptions, choosePodNetwork } from './pods/choose.ts';
