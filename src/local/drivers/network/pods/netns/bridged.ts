import { join } from 'node:path';
import { randomIds } from '../../../../../shared/clock/randomIds.ts';
import { systemClock } from '../../../../../shared/clock/systemClock.ts';
import { contains, parseCidr } from '../../addresses.ts';
import { AddressPool } from '../../addressPool.ts';
import { takeBlock } from '../../block.ts';
import { refuseForeign } from '../../foreignAddress.ts';
import type { LocalNetwork } from '../../network.ts';
import { openLoopback } from '../loopback.ts';
import { openRelay, type Relay } from '../relay/relay.ts';
import { type Exit, makeLink } from '../relay/wayOut/link.ts';
import { adopt, isFree, lower, raise } from './bridge.ts';
import type { Ground } from './ground.ts';
import { bridges, type Names, namesOf } from './names.ts';
import { PodNamespaces } from './podNamespaces.ts';
import { openPodRules } from './podRules.ts';
import { openPolicies } from './policies.ts';
import { probe } from './probe.ts';
import { lookAround, type Surroundings } from './surroundings.ts';
import { openTranslation } from './translation.ts';

/** Describes a network in which a bridge for Pods is to be. */
export interface Site {
  ground: Ground;
  around: Surroundings;
  /** The beginning of a command line that enters it. Absent: the control plane is in it. */
  enter?: readonly string[];
  /** Says where packets for other machines leave it. Absent: there will be none. */
  exit?(names: Names): Exit;
  /** Says where it is, for the start-up log. */
  place(names: Names): string;
  /** Tidies what other instances left in it. */
  sweep?(names: Names): Promise<void>;
  /** Removes what was made, once no Pod has a part of it. */
  end(names?: Names): Promise<void>;
}

export interface BridgedOptions {
  /** Rather none than one from which Pods do not reach other machines. */
  needsWayOut?: boolean;
  /** Is told what Pods have lost, and why. */
  warn?: ((line: string) => void) | undefined;
}

/**
 * A network namespace for each Pod, all joined to one bridge of this instance. Programs may bind 0.0.0.0 and any port.
 * Cluster IPs are addresses of the bridge. Load balancers use loopback addresses, which answer on the machine only. What
 * Pods send to other machines is carried by a process that the site's exit leads to.
 */
export async function openBridged(
  folder: string,
  site: Site,
  { needsWayOut, warn }: BridgedOptions,
): Promise<LocalNetwork> {
  const { ground, around, enter } = site;
  const owner = ownerOf(folder);
  const undo: (() => Promise<void>)[] = [];
  let isUnused = false;
  try {
    const block = await takeBlock(folder, 'bridge', bridges, async (n) => isFree(namesOf(n), owner, around));
    if (!block) throw new Error('no range 10.x.0.0/16 is free');
    undo.push(block.release);
    const names = namesOf(block.number);
    const loopback = await openLoopback(folder);
    undo.push(loopback.close);
    const tidied = await prepare(ground, names, owner, around);
    const pool = await AddressPool.open(join(folder, names.bridge), parseCidr(names.podCidr));
    isUnused = pool.addresses.length === 0;
    const exit = site.exit?.(names);
    const noWayOut = exit && (await why(makeLink(exit, names)));
    if (needsWayOut && noWayOut !== undefined) throw new Error(`there is no way out: ${noWayOut}`);
    const carries = exit && noWayOut === undefined;
    const relay =
      exit && (enter || carries)
        ? openRelay(exit.enter, carries ? { block: block.number, warn } : {})
        : undefined;
    const wayOut = {
      gateway: carries ? exit.address : names.gateway,
      wake: () => relay?.start(),
    };
    const pods = new PodNamespaces(ground, names, pool, wayOut, { clock: systemClock, ids: randomIds });
    const rules = await openPodRules(pods, enter ?? []);
    const policies = await openPolicies(names, pods, rules);
    const translation = await openTranslation(names, pods, rules);
    const swept = Promise.all([tidied().then(() => pods.sweep()), site.sweep?.(names)]);
    const whole = parseCidr(names.network);
    const isOwn = (address: string) => contains(whole, address);
    // Pods that have outlived the control plane are not set up again.
    if (pool.addresses.length > 0) relay?.start();
    return {
      kind: 'netns',
      pods,
      serviceCidr: names.serviceCidr,
      nodeAddress: names.gateway,
      isOwn,
      lowestPort: 1,
      balancerCidr: loopback.balancerCidr,
      clusterAddresses: {
        async add(address) {
          refuseForeign(address, { ...names, ...(await lookAround()) });
          await ground.ip.run([`addr replace ${address}/32 dev ${names.bridge}`]);
        },
        remove: (address) => ground.ip.runAnyway([`addr del ${address}/32 dev ${names.bridge}`]),
      },
      ...(enter && relay && reachedBy(relay, isOwn, loopback)),
      policies,
      ...(translation && { translation }),
      onPodGone: (listener) => pods.onGone(listener),
      explanation: `each Pod has a network namespace with an address of ${names.podCidr}${site.place(names)}${noWayOut === undefined ? '' : `, without a way out to other machines (${noWayOut})`}`,
      close: async () => {
        translation?.close();
        await swept;
        relay?.close();
        await pods.close();
        if (pool.addresses.length === 0) await site.end(names);
        await loopback.close();
        await block.release();
      },
    };
  } catch (error) {
    if (isUnused) await site.end();
    for (const step of undo.reverse()) await step();
    throw error;
  }
}

/** What is different where the control plane is not in the network of Pods. */
const reachedBy = (
  relay: Relay,
  isOwn: LocalNetwork['isOwn'],
  { lowestPort }: LocalNetwork,
): Partial<LocalNetwork> => ({
  lowestBalancerPort: lowestPort,
  socketsAt: (address) => (isOwn(address) ? relay : undefined),
  nodeSockets: relay,
});

const why = (work: Promise<void>): Promise<string | undefined> =>
  work.then(
    () => undefined,
    ({ message }: Error) => message,
  );

/** Answers what remains to be tidied afterwards. A bridge from before has shown that it works. */
async function prepare(
  ground: Ground,
  names: Names,
  owner: string,
  around: Surroundings,
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
const ownerOf = (folder: string): string => `shallop:${encodeURIComponent(folder).slice(-240)}`;
