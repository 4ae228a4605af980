import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { contains, parseCidr } from '../../addresses.ts';
import { AddressPool } from '../../addressPool.ts';
import { type Block, takeBlock } from '../../block.ts';
import type { LocalNetwork } from '../../network.ts';
import { openLoopback } from '../loopback.ts';
import { isFree } from '../netns/bridge.ts';
import type { Ground } from '../netns/ground.ts';
import { type Ip, ipIn } from '../netns/ip.ts';
import { bridges, namesOf } from '../netns/names.ts';
import { onBridge, ownerOf, prepare } from '../netns/netns.ts';
import { PodNamespaces } from '../netns/podNamespaces.ts';
import { openPolicies } from '../netns/policies.ts';
import { lookAround, type Surroundings } from '../netns/surroundings.ts';
import { endHolder, type Holder, type HolderOptions, openHolder } from './holder.ts';
import { openRelay } from './relay.ts';
import { makeLink } from './wayOut/link.ts';

interface UsernsOptions extends HolderOptions {
  /** Rather none than one from which Pods do not reach other machines. */
  needsWayOut?: boolean;
}

/**
 * A network namespace for each Pod as with root, on a bridge in a network that one user namespace of this instance owns:
 * that takes no rights outside. The control plane is not in it. What listens or connects there is opened by a process
 * that is, and handed out. Cluster IPs answer Pods only.
 */
export async function openUserns(
  folder: string,
  { needsWayOut, ...options }: UsernsOptions,
): Promise<LocalNetwork> {
  const holder = await openHolder(folder, options);
  const ground = groundOf(holder);
  const enter = entering(holder, `/proc/${holder.id.pid}/ns/net`);
  let release: Block['release'] | undefined;
  let loopback: LocalNetwork | undefined;
  // Nobody knows yet of one that was just started, or that no Pod has had.
  let isUnused = holder.isNew;
  try {
    const inside = await lookInside(ground.ip);
    const around = { ...(await lookAround()), bridges: inside.bridges };
    const owner = ownerOf(folder);
    const block = await takeBlock(folder, 'bridge', bridges, async (n) => isFree(namesOf(n), owner, around));
    if (!block) throw new Error('no range 10.x.0.0/16 is free');
    release = block.release;
    const names = namesOf(block.number);
    loopback = await openLoopback(folder);
    const tidied = await prepare(ground, names, owner, inside);
    const pool = await AddressPool.open(join(folder, names.bridge), parseCidr(names.podCidr));
    isUnused ||= pool.addresses.size === 0;
    const pods = new PodNamespaces(ground, names, pool);
    const policies = await openPolicies(names, pods, enter);
    const swept = tidied().then(() => pods.sweep());
    const noWayOut = await makeLink(ground.ip, names, holder.id.pid).then(
      () => undefined,
      ({ message }: Error) => message,
    );
    if (needsWayOut && noWayOut !== undefined) throw new Error(`there is no way out: ${noWayOut}`);
    const relay = openRelay(enter, noWayOut === undefined ? block.number : undefined);
    const whole = parseCidr(names.network);
    const { balancerCidr, lowestPort, close } = loopback;
    return {
      kind: 'netns',
      pods,
      serviceCidr: names.serviceCidr,
      nodeAddress: names.gateway,
      isOwn: (address) => contains(whole, address),
      lowestPort: 1,
      lowestBalancerPort: lowestPort,
      balancerCidr,
      clusterAddresses: onBridge(ground.ip, names),
      socketsAt: (address) => (contains(whole, address) ? relay : undefined),
      nodeSockets: relay,
      policies,
      onPodGone: (listener) => pods.onGone(listener),
      explanation: `each Pod has a network namespace with an address of ${names.podCidr}, in a network of this user's own${noWayOut === undefined ? '' : `, without a way out to other machines (${noWayOut})`}`,
      close: async () => {
        await swept;
        relay.close();
        if (pool.addresses.size === 0) await endHolder(folder, holder);
        await close();
        await block.release();
      },
    };
  } catch (error) {
    if (isUnused) await endHolder(folder, holder);
    await loopback?.close();
    await release?.();
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
    furnish: (namespace) => started([...entering(holder, pathOf(namespace)), 'sh', '-c', anyPort]),
    node: {
      pid,
      user: holder.user,
      wrap: (command) => [...entering(holder, `/proc/${pid}/ns/net`), ...command],
    },
  };
}

const anyPort = 'echo 0 >/proc/sys/net/ipv4/ip_unprivileged_port_start';

const started = ([program = '', ...args]: string[]) =>
  new Promise<void>((resolve, reject) => {
    execFile(program, args, (error) => (error ? reject(error) : resolve()));
  });

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
