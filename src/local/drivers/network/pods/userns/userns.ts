import type { LocalNetwork } from '../../network.ts';
import { type BridgedOptions, openBridged, type Site } from '../netns/bridged.ts';
import type { Ground } from '../netns/ground.ts';
import { type Ip, ipIn } from '../netns/ip.ts';
import { lookAround, type Surroundings } from '../netns/surroundings.ts';
import { endHolder, type Holder, type HolderOptions, openHolder } from './holder.ts';

/**
 * A network namespace for each Pod as with root, on a bridge in a network that one user namespace of this instance owns:
 * that takes no rights outside. The control plane is not in it. What listens or connects there is opened by a process
 * that is, and handed out. Cluster IPs answer Pods only.
 */
export async function openUserns(
  folder: string,
  { needsWayOut, warn, ...options }: HolderOptions & BridgedOptions,
): Promise<LocalNetwork> {
  const holder = await openHolder(folder, options);
  const end = () => endHolder(folder, holder);
  const ground = groundOf(holder);
  const { ip } = ground;
  const enter = entering(holder, `/proc/${holder.id.pid}/ns/net`);
  try {
    const [machine, inside] = await Promise.all([lookAround(), lookInside(ip)]);
    const around = {
      ...machine,
      bridges: inside.bridges,
      addresses: new Map([...machine.addresses, ...inside.addresses]),
    };
    const network = String(holder.id.pid);
    const site: Site = {
      ...{ ground, around, enter, end },
      exit: ({ gateway }) => ({ ip, enter, network, address: gateway }),
      place: () => ", in a network of this user's own",
    };
    return await openBridged(folder, site, { ...(needsWayOut && { needsWayOut }), warn });
  } catch (error) {
    if (holder.isNew) await end();
    throw error;
  }
}

/** The beginning of a command line that enters the holder's user namespace as its root, and a network. */
const entering = ({ id: { pid } }: Holder, network: string): string[] => [
  ...['nsenter', `--user=/proc/${pid}/ns/user`, '--preserve-credentials', `--net=${network}`, '--'],
];

function groundOf(holder: Holder): Ground {
  const { pid } = holder.id;
  const pathOf = (namespace: string) => `/proc/${pid}/root/run/netns/${namespace}`;
  return {
    // Names of namespaces are known where its mounts are.
    ip: ipIn([
      'nsenter',
      '--target',
      String(pid),
      '--user',
      '--preserve-credentials',
      '--mount',
      '--net',
      '--',
    ]),
    pathOf,
    joining: (namespace) => entering(holder, pathOf(namespace)),
    user: holder.user,
    // A program of the machine is no root there, and may listen on any port all the same.
    furnish: 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start',
    node: {
      pid,
      user: holder.user,
      wrap: (command) => [...entering(holder, `/proc/${pid}/ns/net`), ...command],
    },
  };
}

interface Link {
  ifname: string;
  ifalias?: string;
  addr_info: { family: string; local: string; prefixlen: number }[];
}

/** Describes what the network has from an earlier run. */
async function lookInside(ip: Ip): Promise<Pick<Surroundings, 'bridges' | 'addresses'>> {
  const links = await ip.query<Link>('-details', 'addr');
  const own = links.filter(({ ifname }) => /^shallop\d+$/.test(ifname));
  return {
    bridges: new Map(own.map(({ ifname, ifalias = '' }) => [ifname, ifalias])),
    addresses: new Map(
      own.map(({ ifname, addr_info }) => [
        ifname,
        addr_info
          .filter(({ family }) => family === 'inet')
          .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
      ]),
    ),
  };
}
