import type { Ip } from '../../netns/ip.ts';
import type { Names } from '../../netns/names.ts';

/** Describes the link by which packets for other machines come to the process in the network of Pods. */
export interface Link {
  /** An address of that process, at which it ends connections of Pods. */
  own: string;
  /** The address that they seem to come from. */
  peer: string;
  /** Where packets come to it as datagrams, with the same port at both ends. */
  here: string;
  there: string;
  /** Hardware addresses of the link's device and of what seems to be behind it. */
  device: string;
  behind: string;
}

/** Is the port of that. */
export const encapsulation = 4789;

/** The addresses of the link lie in the first 256 of the Pods' range, which no Pod gets. */
export function linkOf({ gateway, hardware }: Pick<Names, 'gateway' | 'hardware'>): Link {
  const at = (last: number) => gateway.replace(/\d+$/, String(last));
  const [device, behind] = ['01', '02'].map((kind) => hardware.replace(/:00:(..)$/, `:${kind}:$1`));
  return { own: at(2), peer: at(3), here: at(4), there: at(5), device: device!, behind: behind! };
}

/** Describes the network in which packets for other machines leave that of Pods. */
export interface Exit {
  ip: Ip;
  /** The beginning of a command line that enters it. */
  enter: readonly string[];
  /** Its address, to which Pods' packets go. */
  address: string;
  /** Is what `ip` knows it by: a name, or the number of a process in it. */
  network: string;
  /** Makes it anew. Absent: it is there. */
  make?(): Promise<void>;
}

/**
 * Makes the default route of a network lead into a VXLAN whose other end is the process: the one device by which packets
 * come to an ordinary program with no more than a socket for datagrams. It is made in a namespace of its own and moved: a
 * kernel before 6.5 does not encapsulate what goes to its own addresses. Packets are of one segment each, as their
 * receivers have to be able to take them. One from before is taken over.
 */
export async function makeLink({ ip, network, make }: Exit, names: Names): Promise<void> {
  const [present] = await ip.query<{ flags: string[] }>('link', 'show', 'dev', 'out').catch(() => []);
  if (present?.flags.includes('UP')) return;
  const namespace = names.exit.underlay;
  if (make) await make();
  else await ip.runAnyway(['link del out', 'link del out0', `netns del ${namespace}`]);
  const { own, peer, here, there, device, behind } = linkOf(names);
  await ip.run([
    `netns add ${namespace}`,
    `link add out0 mtu 2000 type veth peer name out1 mtu 2000 netns ${namespace}`,
    `addr add ${here}/32 dev out0`,
    'link set out0 up',
    `route add ${there} dev out0`,
  ]);
  await ip.run(
    [
      'link set lo up',
      `addr add ${there}/32 dev out1`,
      'link set out1 up',
      `route add ${here} dev out1`,
      `link add out address ${device} type vxlan id 1 local ${there} remote ${here} dstport ${encapsulation} nolearning`,
      `link set out netns ${network}`,
    ],
    namespace,
  );
  await ip.run([
    'link set out mtu 1500 gso_max_segs 1',
    `addr add ${own}/32 dev out`,
    'link set out up',
    `neigh replace ${peer} lladdr ${behind} dev out nud permanent`,
    `route add ${peer} dev out`,
    `route add default via ${peer} dev out onlink`,
  ]);
}
