import type { PodRef } from './pods.ts';

/** Blocks traffic of Pods that no NetworkPolicy allows. */
export interface NetworkPolicies {
  /** The reason why policies cannot be enforced here; undefined where they are. */
  readonly whyNot: string | undefined;

  /**
   * Replaces the rules of the Pods of a logical cluster, also of Pods that have no network yet. The rules of one Pod change
   * atomically. Replies, traffic with the machine, and traffic of a Pod with itself are always allowed. Idempotent.
   * Rejects when the rules of some Pods could not be set; the rules of the others are set.
   */
  enforce(cluster: string, pods: PodTraffic[]): Promise<void>;
}

/** Describes what traffic of one Pod is allowed. */
export interface PodTraffic {
  ref: PodRef;
  /** Absent while it is unknown. */
  address?: string;
  /** Absent: all traffic. Empty: no traffic. */
  ingress?: Allowed[];
  egress?: Allowed[];
}

/** Allows traffic with one of the peers, to one of the ports of the side that accepts the connection. */
export interface Allowed {
  /** Absent: every address. */
  peers?: Peers;
  /** Absent: every protocol and port. */
  ports?: PortRange[];
}

/** The addresses that traffic is allowed with. */
export interface Peers {
  /** Addresses of Pods, sorted. */
  addresses: string[];
  blocks: AddressBlock[];
}

/** All addresses of a network, except those of some subnets. */
export interface AddressBlock {
  cidr: string;
  except: string[];
}

/** A protocol with some or all of its ports. */
export interface PortRange {
  protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Absent: every port. */
  first?: number;
  /** Not less than `first`. */
  last?: number;
}
