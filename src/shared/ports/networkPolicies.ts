import type { PodRef } from './pods.ts';

/** Keeps Pods from traffic that no policy of theirs allows. */
export interface NetworkPolicies {
  /** Says why nothing keeps them from it here; undefined where something does. */
  readonly whyNot: string | undefined;

  /**
   * Has these rules, and no others, for the Pods of a logical cluster, those too that are not set up yet. Rules of one Pod
   * change at once or not at all. Replies, traffic with the machine itself and with itself are always allowed. Idempotent.
   * Rejects when rules could not be set; the others are.
   */
  enforce(cluster: string, pods: PodTraffic[]): Promise<void>;
}

/** Describes what traffic of one Pod is allowed. */
export interface PodTraffic {
  ref: PodRef;
  /** Absent while it is not known. */
  address?: string;
  /** Absent: all of it. Empty: none. */
  ingress?: Allowed[];
  egress?: Allowed[];
}

/** Traffic that is allowed: with one of the peers, at one of the ports of whoever is asked. */
export interface Allowed {
  /** Absent: anybody. */
  peers?: Peers;
  /** Absent: every protocol and port. */
  ports?: PortRange[];
}

/** Is whom traffic is allowed with. */
export interface Peers {
  /** Of Pods, sorted. */
  addresses: string[];
  blocks: AddressBlock[];
}

/** Is all addresses of a network but those of parts of it. */
export interface AddressBlock {
  cidr: string;
  except: string[];
}

/** Is a protocol with some or all of its ports. */
export interface PortRange {
  protocol: 'TCP' | 'UDP' | 'SCTP';
  /** Absent: every port. */
  first?: number;
  /** Not less than `first`. */
  last?: number;
}
