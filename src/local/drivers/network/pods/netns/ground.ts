import type { NodeNetwork } from '../../../podNetwork.ts';
import { type Ip, ipIn } from './ip.ts';

/** Describes the network in which a bridge and the namespaces of Pods are made. */
export interface Ground {
  ip: Ip;
  /** Where a namespace that was made there is found by processes of this machine. */
  pathOf(namespace: string): string;
  /** The beginning of a command line that runs a command in a namespace that was made there. */
  joining(namespace: string): string[];
  /** Says how many users the user namespace has that joining() enters as its root. Absent: it enters none. */
  user?: 'one' | 'all';
  /** Is what a shell does in a new namespace that only its makers may do. Absent: nothing. */
  furnish?: string;
  /** Is where the bridge is, if that is not this machine's network. */
  node?: NodeNetwork;
}

/** The network of this machine, which takes root. */
export function machineGround(): Ground {
  const pathOf = (namespace: string) => `/run/netns/${namespace}`;
  return {
    ip: ipIn([]),
    pathOf,
    joining: (namespace) => ['nsenter', `--net=${pathOf(namespace)}`, '--'],
  };
}
