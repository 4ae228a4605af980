import { join } from 'node:path';
import { contains, parseCidr } from '../../addresses.ts';
import { AddressPool } from '../../addressPool.ts';
import { takeBlock } from '../../block.ts';
import type { ClusterAddresses, LocalNetwork } from '../../network.ts';
import { openLoopback } from '../loopback.ts';
import { adopt, isFree, lower, raise } from './bridge.ts';
import { sweepForsaken } from './forsaken.ts';
import { type Ground, machineGround } from './ground.ts';
import type { Ip } from './ip.ts';
import { bridges, type Names, namesOf } from './names.ts';
import { PodNamespaces } from './podNamespaces.ts';
import { openPolicies } from './policies.ts';
import { probe } from './probe.ts';
import { lookAround, type Surroundings } from './surroundings.ts';

/**
 * A network namespace for each Pod, all joined to one bridge of this instance; needs Linux, root, `ip` and `nsenter`.
 * Programs may bind 0.0.0.0 and any port. Cluster IPs are addresses of the bridge, so they answer from the machine and
 * from Pods. Load balancers use loopback addresses, which answer on the machine only. Pods reach each other and this
 * machine; other networks only if the machine's administrator forwards and masquerades for the range.
 */
export async function openNetns(folder: string): Promise<LocalNetwork> {
  const around = await lookAround();
  const ground = machineGround();
  const owner = ownerOf(folder);
  const block = await takeBlock(folder, 'bridge', bridges, async (n) => isFree(namesOf(n), owner, around));
  if (!block) throw new Error('no range 10.x.0.0/16 is free');
  const names = namesOf(block.number);
  const whole = parseCidr(names.network);
  let loopback: LocalNetwork | undefined;
  try {
    loopback = await openLoopback(folder);
    const tidied = await prepare(ground, names, owner, around);
    const pool = await AddressPool.open(join(folder, names.bridge), parseCidr(names.podCidr));
    const pods = new PodNamespaces(ground, names, pool);
    const policies = await openPolicies(names, pods, []);
    const swept = Promise.all([tidied().then(() => pods.sweep()), sweepForsaken(around, names)]);
    const { balancerCidr, close } = loopback;
    return {
      kind: 'netns',
      pods,
      serviceCidr: names.serviceCidr,
      nodeAddress: names.gateway,
      isOwn: (address) => contains(whole, address),
      lowestPort: 1,
      balancerCidr,
      clusterAddresses: onBridge(ground.ip, names),
      policies,
      onPodGone: (listener) => pods.onGone(listener),
      explanation: explanationOf(names, around),
      close: async () => {
        await swept;
        if (pool.addresses.size === 0) await lower(ground.ip, names);
        await close();
        await block.release();
      },
    };
  } catch (error) {
    await loopback?.close();
    await block.release();
    throw error;
  }
}

const explanationOf = ({ podCidr, bridge }: Names, { filtersBridges }: Surroundings): string => {
  const others = filtersBridges
    ? "other Pods and machines only where this one's firewall lets it: it judges bridges too, bridge-nf-call-iptables"
    : 'other machines only where this one forwards and masquerades for it';
  return `each Pod has a network namespace with an address of ${podCidr} on bridge ${bridge} (and reaches ${others})`;
};

/** Answers what remains to be tidied afterwards. A bridge from before has shown that it works. */
export async function prepare(
  ground: Ground,
  names: Names,
  owner: string,
  around: Pick<Surroundings, 'bridges' | 'addresses'>,
): Promise<() => Promise<void>> {
  const { ip } = ground;
  if (around.bridges.has(names.bridge)) {
    await adopt(ip, names, around);
    return async () => {};
  }
  try {
    await raise(ip, names, owner);
    return await probe(ground, names);
  } catch (error) {
    await lower(ip, names);
    throw error;
  }
}

/** Is written on the bridge, so that a later start knows its own. One word of at most 255 bytes for `ip`. */
export const ownerOf = (folder: string): string => `shallop:${encodeURIComponent(folder).slice(-240)}`;

/** Has cluster IPs answer on the bridge. */
export const onBridge = (ip: Ip, { bridge }: Names): ClusterAddresses => ({
  add: (address) => ip.run([`addr replace ${address}/32 dev ${bridge}`]),
  remove: (address) => ip.runAnyway([`addr del ${address}/32 dev ${bridge}`]),
});
