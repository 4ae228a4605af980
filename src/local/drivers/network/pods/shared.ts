import { contains, parseCidr } from '../addresses.ts';
import type { LocalNetwork } from '../network.ts';
import { unfiltered } from '../policies/unfiltered.ts';

const serviceCidr = '10.96.0.0/16';
const serviceRange = parseCidr(serviceCidr);

/**
 * For systems that answer for 127.0.0.1 only (macOS) or are not known to do more (Windows): all Pods share it, so two
 * Pods on one port exclude each other. Cluster IPs do not answer; load balancers use their node ports.
 */
export function openShared(): LocalNetwork {
  return {
    kind: 'shared',
    pods: {
      setup: async () => ({ ip: '127.0.0.1', wrap: (command) => command }),
      teardown: async () => {},
    },
    serviceCidr,
    nodeAddress: '127.0.0.1',
    isOwnLoopback: (address) => address === '127.0.0.1',
    isOwn: (address) => contains(serviceRange, address),
    lowestPort: Number.POSITIVE_INFINITY,
    balancerCidr: '127.96.0.0/16',
    policies: unfiltered('Pods have no network of their own on this system'),
    explanation: 'Pods share 127.0.0.1: on this system a port can serve one Pod only',
    close: async () => {},
  };
}
