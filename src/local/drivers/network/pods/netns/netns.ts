import type { LocalNetwork } from '../../network.ts';
import type { Exit } from '../relay/wayOut/link.ts';
import { lower } from './bridge.ts';
import { type BridgedOptions, openBridged } from './bridged.ts';
import { sweepForsaken } from './forsaken.ts';
import { machineGround } from './ground.ts';
import { ipIn } from './ip.ts';
import type { Names } from './names.ts';
import { started } from './started.ts';
import { lookAround } from './surroundings.ts';

/**
 * A network namespace for each Pod on a bridge of this machine; needs Linux, root, `ip` and `nsenter`. Cluster IPs answer
 * from the machine and from Pods. Pods reach this machine's network through a namespace beside theirs, so that nothing of
 * the machine's routes and firewall is changed. `withoutPods`: their network will be elsewhere.
 */
export async function openNetns(
  folder: string,
  { withoutPods, ...options }: BridgedOptions & { withoutPods?: boolean | undefined } = {},
): Promise<LocalNetwork> {
  const around = await lookAround();
  const ground = machineGround();
  const { ip } = ground;
  const firewall = around.filtersBridges
    ? " (and reaches others only where this machine's firewall lets it: it judges bridges too, bridge-nf-call-iptables)"
    : '';
  return openBridged(
    folder,
    {
      ground,
      around,
      ...(!withoutPods && { exit: exitBeside }),
      place: ({ bridge }) => ` on bridge ${bridge}${firewall}`,
      sweep: (names) => sweepForsaken(around, names),
      end: async (names) => {
        if (names) await Promise.all([lower(ip, names), ip.runAnyway(removed(names))]);
      },
    },
    options,
  );
}

/** A namespace on the bridge, which passes on what Pods send to it. */
function exitBeside(names: Names): Exit {
  const { ip, pathOf, joining } = machineGround();
  const { namespace, address, cable } = names.exit;
  const enter = ['nsenter', `--net=${pathOf(namespace)}`, '--'];
  return {
    ip: ipIn(enter),
    enter,
    address,
    network: namespace,
    async make() {
      await ip.runAnyway(removed(names));
      await ip.run([
        `netns add ${namespace}`,
        `link add ${cable} type veth peer name eth0 netns ${namespace}`,
        `link set ${cable} master ${names.bridge} up`,
      ]);
      await ip.run(['link set lo up', `addr add ${address}/17 dev eth0`, 'link set eth0 up'], namespace);
      await started([...joining(namespace), 'sh', '-c', 'echo 1 >/proc/sys/net/ipv4/ip_forward']);
    },
  };
}

const removed = ({ exit }: Names) => [
  `link del ${exit.cable}`,
  ...[exit.namespace, exit.underlay].map((namespace) => `netns del ${namespace}`),
];
