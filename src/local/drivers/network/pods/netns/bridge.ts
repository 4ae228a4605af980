import { overlap, parseCidr } from '../../addresses.ts';
import type { Ip } from './ip.ts';
import type { Names } from './names.ts';
import type { Surroundings } from './surroundings.ts';

/** True when the bridge is this owner's from before, or neither its name nor its range is in use. */
export function isFree(names: Names, owner: string, { bridges, addresses, routes }: Surroundings): boolean {
  if (bridges.has(names.bridge)) return bridges.get(names.bridge) === owner;
  const range = parseCidr(names.network);
  const used = [...[...addresses.values()].flat().map(parseCidr), ...routes];
  return !used.some((cidr) => overlap(range, cidr));
}

/**
 * Makes the bridge, with the owner's name on it. Its hardware address is given: it would otherwise be the lowest of its
 * cables', change as Pods come and go, and what Pods send to the old one would be lost. The whole range is on it, so that a
 * cluster IP that nobody has is not looked for on other machines.
 */
export const raise = (ip: Ip, { bridge, gateway, hardware }: Names, owner: string): Promise<void> =>
  ip.run([
    `link add ${bridge} address ${hardware} type bridge`,
    `link set ${bridge} alias ${owner}`,
    `addr add ${gateway}/16 dev ${bridge}`,
    `link set ${bridge} up`,
  ]);

/** Takes over the bridge of an earlier run, without the cluster IPs that it left there. */
export function adopt(
  ip: Ip,
  { bridge, gateway }: Names,
  { addresses }: Pick<Surroundings, 'addresses'>,
): Promise<void> {
  const stale = (addresses.get(bridge) ?? []).filter((address) => address.endsWith('/32'));
  return ip.runAnyway([
    `addr add ${gateway}/16 dev ${bridge}`,
    `link set ${bridge} up`,
    ...stale.map((address) => `addr del ${address} dev ${bridge}`),
  ]);
}

export const lower = (ip: Ip, names: Names): Promise<void> => ip.runAnyway([`link del ${names.bridge}`]);
