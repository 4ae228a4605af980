import type { Demand } from './demand.ts';
import type { Gateways } from './gateways.ts';
import type { Ingresses } from './ingresses.ts';
import type { LoadBalancers } from './loadBalancers.ts';
import type { NameService } from './names.ts';
import type { NetworkPolicies } from './networkPolicies.ts';
import type { NodeImages } from './nodeImages.ts';
import type { PodRuntime } from './pods.ts';
import type { SecretVault } from './secrets.ts';
import type { PodStatistics } from './statistics.ts';
import type { Volumes } from './volumes.ts';

export type * from './demand.ts';
export type * from './gateways.ts';
export type * from './ingresses.ts';
export type * from './loadBalancers.ts';
export type * from './names.ts';
export type * from './networkPolicies.ts';
export type * from './nodeImages.ts';
export type * from './pods.ts';
export type * from './routing.ts';
export type * from './secrets.ts';
export type * from './statistics.ts';
export type * from './volumes.ts';

/**
 * Collects the ports through which the control plane uses a cloud or a machine. Each port has a contract suite in
 * test/contract, which every driver passes.
 */
export interface Cloud {
  pods: PodRuntime;
  loadBalancers: LoadBalancers;
  /** Absent where containers get their Secrets from the Pod runtime itself. */
  secrets?: SecretVault;
  /** Absent where this cloud publishes no names. */
  names?: NameService;
  /** Absent where traffic of Pods cannot be filtered. */
  networkPolicies?: NetworkPolicies;
  /** Absent where Ingresses are not served. */
  ingresses?: Ingresses;
  /** Absent where Gateways are not served. */
  gateways?: Gateways;
  /** Absent where shallop does not manage the images. */
  nodeImages?: NodeImages;
  /** Answers metrics.k8s.io. Absent where nothing is measured. */
  statistics?: PodStatistics;
  /** Absent where the use of Services is unknown: then none is scaled to zero. */
  demand?: Demand;
  /** Absent when this cloud has no volume provisioner. */
  volumes?: Volumes;
}
