import { readdir, readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { type Cidr, formatAddress, parseCidr } from '../../addresses.ts';

/** Describes what the machine's network holds already, read from the system without starting a program. */
export interface Surroundings {
  /** Says who made each bridge of ours, by the bridge's name; empty when it does not say. */
  bridges: Map<string, string>;
  /** IPv4 addresses by interface: `10.1.2.3/24`. */
  addresses: Map<string, string[]>;
  /** Destinations of IPv4 routes, without the default route. */
  routes: Cidr[];
  /** Says whether the machine's firewall judges what stays on a bridge too, as Docker has it. */
  filtersBridges: boolean;
}

export async function lookAround(): Promise<Surroundings> {
  const [bridges, routes, filtersBridges] = await Promise.all([ourBridges(), routeTable(), isFiltering()]);
  const addresses = Object.entries(networkInterfaces()).map(([name, infos = []]) => {
    const cidrs = infos.filter((info) => info.family === 'IPv4').map((info) => info.cidr ?? '');
    return [name, cidrs.filter(Boolean)] as const;
  });
  return { bridges, routes, addresses: new Map(addresses), filtersBridges };
}

async function ourBridges(): Promise<Map<string, string>> {
  const interfaces = await readdir('/sys/class/net').catch(() => []);
  const names = interfaces.filter((name) => /^shallop\d+$/.test(name));
  const aliasOf = async (name: string) =>
    (await readFile(`/sys/class/net/${name}/ifalias`, 'utf8').catch(() => '')).trim();
  return new Map(await Promise.all(names.map(async (name) => [name, await aliasOf(name)] as const)));
}

/** There is no such file where br_netfilter is not loaded. */
const isFiltering = async (): Promise<boolean> =>
  (await readFile('/proc/sys/net/bridge/bridge-nf-call-iptables', 'utf8').catch(() => '')).trim() === '1';

/** `/proc/net/route`: hexadecimal, least significant byte first. */
async function routeTable(): Promise<Cidr[]> {
  const text = await readFile('/proc/net/route', 'utf8').catch(() => '');
  const rows = text
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t'));
  return rows.flatMap((row) => {
    const [destination, mask] = [row[1], row[7]].map((field) => swapBytes(Number.parseInt(field ?? '', 16)));
    if (!destination || !mask) return [];
    return [parseCidr(`${formatAddress(destination)}/${32 - Math.log2(2 ** 32 - mask)}`)];
  });
}

const swapBytes = (n: number): number =>
  (n & 0xff) * 2 ** 24 + ((n >>> 8) & 0xff) * 2 ** 16 + ((n >>> 16) & 0xff) * 2 ** 8 + (n >>> 24) || 0;
