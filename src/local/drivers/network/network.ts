import type { NetworkPolicies } from '../../../shared/ports/cloud.ts';
import type { PodNetwork, Sockets } from '../podNetwork.ts';
import type { SocketsAt } from '../sockets.ts';
import type { Allows } from './policies/judge.ts';
import type { TellDoors } from './policies/shut.ts';
import type { ServiceTranslation } from './translation/index.ts';

/** Describes how Pods and Services of one instance are addressed on this machine. */
export interface LocalNetwork {
  kind: 'loopback' | 'netns' | 'shared';
  pods: PodNetwork;
  /** Says where cluster IPs are to be allocated: `127.64.0.0/16`. */
  serviceCidr: string;
  /** An address of this machine that Pods reach as well. */
  nodeAddress: string;
  /** Loopback addresses that Pods and the node have. Absent: none. */
  isOwnLoopback?(address: string): boolean;
  /** Returns whether an address is in the ranges of Pods or cluster IPs. */
  isOwn(address: string): boolean;
  /** The lowest port on which cluster IPs and load balancers answer; above 65535 where cluster IPs never do. */
  lowestPort: number;
  /** The lowest port on which load balancers answer, where that is another one. */
  lowestBalancerPort?: number;
  /** Says in which network an address is, where Pods' is none of this machine's. */
  socketsAt?: SocketsAt;
  /** Opens sockets in the node's network, if that is not this machine's. */
  nodeSockets?: Sockets;
  /** Says where load balancers get their addresses. */
  balancerCidr: string;
  clusterAddresses?: ClusterAddresses;
  /** Filters what Pods send each other, or says why nothing does. */
  policies: NetworkPolicies & { allows?: Allows; tellDoors?: TellDoors };
  /** Leads Pods to Services by their kernels. Absent: the proxy does. */
  translation?: ServiceTranslation;
  /** Told each address that is that has vanished with its network, so that peers hear nothing more. Absent where they do. */
  onPodGone?(listener: (address: string) => void): void;
  /** Says why this network, and what it means for Pods: a sentence for the start-up log. */
  explanation: string;
  /** Gives up the ranges. Pods that still have an address keep it. */
  close(): Promise<void>;
}

/** Cluster IPs on a system that does not answer for them by itself. Both calls are idempotent. */
export interface ClusterAddresses {
  /** @throws ForeignAddress where it is somebody else's. */
  add(address: string): Promise<void>;
  remove(address: string): Promise<void>;
}
