import { networkInterfaces } from 'node:os';
import type { NetworkPolicies, PodTraffic } from '../../../../shared/ports/cloud.ts';
import { Turns } from '../../inTurn.ts';
import { contains, parseCidr } from '../addresses.ts';
import { type Allows, judge } from './judge.ts';
import { type Machine, rulesetOf } from './ruleset.ts';
import { doorsShutTo, type ServedDoor, type TellDoors } from './shut.ts';

export interface PolicyFilterOptions {
  serviceCidr: string;
  /** The machine's address in the network of Pods. */
  gateway: string;
  /** Runs a program of nft in the Pod's network namespace; false when the Pod has none (any more). */
  apply(uid: string, program: string): Promise<boolean>;
}

/**
 * Filters the traffic of Pods: what they send each other directly in their network namespaces, and what goes through a proxy
 * where that dials; doors behind which there is nobody for a Pod are shut in its namespace too. Rules that are there already are not set again.
 */
export class PolicyFilter implements NetworkPolicies {
  readonly whyNot = undefined;
  readonly #options: PolicyFilterOptions;
  /** By logical cluster, then by the UID of the Pod. */
  readonly #wanted = new Map<string, Map<string, PodTraffic>>();
  readonly #applied = new Map<string, string>();
  /** UIDs of Pods whose network namespace is new: it has no rules, whatever was applied before. */
  readonly #isNew = new Set<string>();
  /** Rules of one Pod are set one after the other, or older ones could be the last. */
  readonly #turns = new Turns();
  /** Turns that have not begun: who comes now is served by them too. */
  readonly #waiting = new Map<string, Promise<void>>();
  #machine: Machine;
  /** What proxies answer at, by whose it is. */
  readonly #doors = new Map<string, readonly ServedDoor[]>();
  /** For the judge: made of what is wanted. */
  #byAddress: ReadonlyMap<string, PodTraffic> = new Map();

  constructor(options: PolicyFilterOptions) {
    this.#options = options;
    this.#machine = machineOf(options);
  }

  async enforce(cluster: string, pods: PodTraffic[]): Promise<void> {
    this.#wanted.set(cluster, new Map(pods.map((each) => [each.ref.uid, each])));
    this.#index();
    await this.#setAll(pods);
  }

  /** Without policies doors are open to everybody. */
  readonly tellDoors: TellDoors = async (owner, doors) => {
    if (doors.length) this.#doors.set(owner, doors);
    else this.#doors.delete(owner);
    const pods = this.#all();
    if (pods.some(({ ingress, egress }) => ingress ?? egress)) await this.#setAll(pods);
  };

  /** Gives a Pod that is being set up its rules, before anything of it runs. `isNew`: it has none of an earlier run. */
  async setUp(uid: string, isNew: boolean): Promise<void> {
    if (isNew) this.#isNew.add(uid);
    // Asking for this machine's addresses takes a while where it has many interfaces.
    if (this.#find(uid)) this.#machine = machineOf(this.#options);
    await this.#set(uid);
  }

  /** Its network is gone, and its address may be another one's soon. */
  forget(uid: string): void {
    this.#applied.delete(uid);
    this.#isNew.delete(uid);
    for (const pods of this.#wanted.values()) pods.delete(uid);
    this.#index();
  }

  readonly allows: Allows = (passage) =>
    judge(passage, this.#byAddress, (address) => this.#isOwn(address) || isMachine(address));

  /** Who speaks to a cluster IP from where it is has that address too. */
  #isOwn(address: string): boolean {
    const { gateway, serviceCidr } = this.#options;
    return address === gateway || contains(parseCidr(serviceCidr), address);
  }

  async #setAll(pods: readonly PodTraffic[]): Promise<void> {
    this.#machine = machineOf(this.#options);
    const outcomes = await Promise.allSettled(pods.map(({ ref }) => this.#set(ref.uid)));
    const failed = outcomes.find((each) => each.status === 'rejected');
    if (failed) throw failed.reason;
  }

  #set(uid: string): Promise<void> {
    const waiting = this.#waiting.get(uid);
    if (waiting) return waiting;
    const turn = this.#turns.take(uid, () => {
      this.#waiting.delete(uid);
      return this.#bring(uid);
    });
    this.#waiting.set(uid, turn);
    return turn;
  }

  /** Gives a Pod the rules that are wanted now, unless it has them or is gone. */
  async #bring(uid: string): Promise<void> {
    const pod = this.#find(uid);
    if (!pod) return;
    if (this.#isNew.delete(uid)) this.#applied.set(uid, rulesetOf({}, this.#machine));
    const shut = doorsShutTo(pod, [...this.#doors.values()].flat(), this.allows);
    const program = rulesetOf({ ...pod, shut }, this.#machine);
    if (this.#applied.get(uid) === program) return;
    try {
      const isSet = await this.#options.apply(uid, program);
      if (isSet && this.#find(uid)) this.#applied.set(uid, program);
    } catch (error) {
      if (this.#find(uid)) throw error;
    }
  }

  #find(uid: string): PodTraffic | undefined {
    for (const pods of this.#wanted.values()) {
      const found = pods.get(uid);
      if (found) return found;
    }
    return undefined;
  }

  #index(): void {
    this.#byAddress = new Map(
      this.#all().flatMap((each) => (each.address ? [[each.address, each] as const] : [])),
    );
  }

  #all(): PodTraffic[] {
    return [...this.#wanted.values()].flatMap((each) => [...each.values()]);
  }
}

const machineOf = ({ serviceCidr, gateway }: PolicyFilterOptions): Machine => ({
  serviceCidr,
  addresses: [gateway, ...machineAddresses(serviceCidr)],
});

/** Cluster IPs are addresses of the machine too, and those of the usual range are allowed as a whole. */
const machineAddresses = (serviceCidr: string): string[] =>
  Object.values(networkInterfaces())
    .flatMap((infos) => infos ?? [])
    .filter(({ family, internal }) => family === 'IPv4' && !internal)
    .map(({ address }) => address)
    .filter((address) => !contains(parseCidr(serviceCidr), address));

const isMachine = (address: string): boolean =>
  address.startsWith('127.') ||
  Object.values(networkInterfaces()).some((infos) => infos?.some((each) => each.address === address));
