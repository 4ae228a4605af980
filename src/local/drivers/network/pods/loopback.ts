import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { contains, parseCidr } from '../addresses.ts';
import { AddressPool } from '../addressPool.ts';
import { takeBlock } from '../block.ts';
import type { LocalNetwork } from '../network.ts';
import { unfiltered } from '../policies/unfiltered.ts';

/** From where on this process may listen. */
function lowestPort(): number {
  if (process.getuid?.() === 0) return 1;
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_unprivileged_port_start', 'utf8')) || 1;
  } catch {
    return 1024;
  }
}

/** Instances that can have addresses of their own at the same time. */
const blocks = 32;

/**
 * Linux answers for all of 127.0.0.0/8 without being told. Instance n has 127.(32+n).0.0/16 for Pods,
 * 127.(64+n).0.0/16 for cluster IPs and 127.(96+n).0.0/16 for load balancers. A Pod's program has to bind the address
 * it is given: one on 0.0.0.0 takes its port on every address of the machine.
 */
export async function openLoopback(folder: string): Promise<LocalNetwork> {
  const block = await takeBlock(folder, 'loopback', blocks);
  if (!block) throw new Error(`all ${blocks} loopback address blocks are in use by other instances`);
  const range = (first: number) => `127.${first + block.number}.0.0/16`;
  const [podRange, serviceRange] = [parseCidr(range(32)), parseCidr(range(64))];
  const pool = await AddressPool.open(join(folder, 'pods'), podRange);
  return {
    kind: 'loopback',
    pods: {
      setup: async ({ uid }) => ({ ip: await pool.take(uid), wrap: (command) => command }),
      teardown: ({ uid }) => pool.free(uid),
    },
    serviceCidr: range(64),
    nodeAddress: '127.0.0.1',
    isOwnLoopback: (address) => address === '127.0.0.1' || contains(podRange, address),
    isOwn: (address) => contains(podRange, address) || contains(serviceRange, address),
    lowestPort: lowestPort(),
    balancerCidr: range(96),
    policies: unfiltered('Pods share the network of this machine (those of root on Linux have their own)'),
    explanation: `each Pod has a loopback address of ${range(32)}, on which its program has to listen`,
    close: block.release,
  };
}
