import type { Reader } from './context.ts';

/** How Pods of the own network reach the internet: by addresses of their own, or all by one. */
export interface Outgoing {
  /** `none`: each Pod has a public address. `instance`: one small machine translates for all. */
  nat: 'none' | 'gateway' | 'instance';
  /** Gateways; absent: one in each zone. */
  natGateways?: number;
  /** Whether subnets have IPv6 beside IPv4. */
  ipv6: boolean;
}

/** Reads it. Throws an error that names the key. */
export function readOutgoing(read: Reader): Outgoing {
  const nat = read.choice('nat', ['none', 'gateway', 'instance']);
  const ipv6 = read.flag('ipv6', false);
  const hasCount = read.text('natGateways') !== undefined;
  if (hasCount && nat !== 'gateway') throw new Error('-c natGateways needs -c nat=gateway');
  if (read.text('vpcId') && (nat !== 'none' || ipv6))
    throw new Error('-c vpcId is a network as it is: -c nat and -c ipv6 are about an own one');
  return { nat, ...(hasCount && { natGateways: read.count('natGateways', 1) }), ipv6 };
}
