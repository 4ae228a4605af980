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
 * Describes what the control plane asks of a cloud or a machine. Each port has a contract suite that every driver
 * passes.
 */
export interface Cloud {
  pods: PodRuntime;
  loadBalancers: LoadBalancers;
  /** Absent where containers get their Secrets from the Pod runtime itself. */
  secrets?: SecretVault;
  /** Absent where no name server is to be told. */
  names?: NameService;
  /** Absent where Pods have no filter. */
  networkPolicies?: NetworkPolicies;
  /** Absent where nobody serves Ingresses. */
  ingresses?: Ingresses;
  /** Absent where nobody serves Gateways. */
  gateways?: Gateways;
  /** Absent where images are not this machine's to keep. */
  nodeImages?: NodeImages;
  /** Is what metrics.k8s.io tells. Absent where nothing is measured. */
  statistics?: PodStatistics;
  /** Absent where nobody knows how Services are used: then none is scaled to zero. */
  demand?: Demand;
  /** Absent where volumes are made by somebody else. */
  volumes?: Volumes;
}
