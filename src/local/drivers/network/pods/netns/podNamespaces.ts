import { access, readdir } from 'node:fs/promises';
import type { Clock } from '../../../../../shared/clock/clock.ts';
import type { Ids } from '../../../../../shared/clock/ids.ts';
import type { PodRef } from '../../../../../shared/ports/cloud.ts';
import type { NodeNetwork, PodAddress, PodNetwork } from '../../../podNetwork.ts';
import type { AddressPool } from '../../addressPool.ts';
import type { Ground } from './ground.ts';
import type { Names } from './names.ts';
import { SpareNamespaces } from './spareNamespaces.ts';

/** Told of Pods that come and go. */
export interface PodFilter {
  setUp(uid: string, isNew: boolean): Promise<void>;
  forget(uid: string): void;
  /** A Pod is about to end. */
  leave?(uid: string): Promise<void>;
}

/** Describes how Pods reach other machines. */
export interface WayOut {
  /** The address that their packets go to. */
  gateway: string;
  /** Has what carries them run. */
  wake(): void;
}

/** One network namespace for each Pod, joined to the bridge by a veth pair. */
export class PodNamespaces implements PodNetwork {
  readonly ofNode?: NodeNetwork;
  readonly #ground: Ground;
  readonly #names: Names;
  readonly #pool: AddressPool;
  readonly #wayOut: WayOut;
  readonly #underWay = new Map<string, Promise<PodAddress>>();
  readonly #listeners: ((address: string) => void)[] = [];
  readonly #filters: PodFilter[] = [];
  /** Addresses whose namespaces were seen to be complete: they stay so as long as they are there. */
  readonly #complete = new Set<string>();
  readonly #spares: SpareNamespaces;

  constructor(
    ground: Ground,
    names: Names,
    pool: AddressPool,
    wayOut: WayOut,
    { clock, ids }: { clock: Clock; ids: Pick<Ids, 'uid'> },
  ) {
    this.#ground = ground;
    if (ground.node) this.ofNode = ground.node;
    this.#names = names;
    this.#pool = pool;
    this.#wayOut = wayOut;
    this.#spares = new SpareNamespaces({
      clock,
      ids,
      pool,
      make: (address) => this.#create(address),
      remove: (address) => this.#remove(address),
      exists: (address) => this.#exists(names.namespace(address)),
    });
  }

  /** Gives what filters its say before anything of a Pod runs. */
  filteredBy(filter: PodFilter): void {
    this.#filters.push(filter);
  }

  addressOf(uid: string): string | undefined {
    return this.#pool.addressOf(uid);
  }

  /** Returns the Node that a Pod is on; empty where that is not known. */
  nodeOf(uid: string): string {
    return this.#pool.noteOf(uid).split(' ')[1] ?? '';
  }

  /** Returns the logical cluster that a Pod is of; empty where that is not known. */
  clusterOf(uid: string): string {
    return this.#pool.noteOf(uid).split(' ')[0] ?? '';
  }

  /** Those who have an address. */
  uids(): Iterable<string> {
    return this.#pool.uids;
  }

  async leaving({ uid }: PodRef): Promise<void> {
    await Promise.all(this.#filters.map((filter) => filter.leave?.(uid)));
  }

  /** The beginning of a command line that joins a Pod's network namespace; undefined when it has none (any more). */
  async joining(uid: string): Promise<string[] | undefined> {
    const address = this.#pool.addressOf(uid);
    if (!address) return undefined;
    const namespace = this.#names.namespace(address);
    return (await this.#exists(namespace)) ? this.#ground.joining(namespace) : undefined;
  }

  setup(ref: PodRef, node?: string): Promise<PodAddress> {
    const present = this.#underWay.get(ref.uid);
    if (present) return present;
    const work = this.#setup(ref, node).finally(() => this.#underWay.delete(ref.uid));
    this.#underWay.set(ref.uid, work);
    return work;
  }

  async known({ uid }: PodRef): Promise<PodAddress | undefined> {
    const [address, enter] = [this.#pool.addressOf(uid), await this.joining(uid)];
    return address && enter ? this.#addressBy(address, enter) : undefined;
  }

  async teardown({ uid }: PodRef): Promise<void> {
    await this.#underWay.get(uid)?.catch(() => {});
    const address = this.#pool.addressOf(uid);
    if (!address) return;
    for (const filter of this.#filters) filter.forget(uid);
    await this.#remove(address);
    for (const listener of this.#listeners) listener(address);
    await this.#pool.free(uid);
  }

  async processes({ uid }: PodRef): Promise<number[]> {
    const address = this.#pool.addressOf(uid);
    return address ? this.#ground.ip.processesIn(this.#names.namespace(address)) : [];
  }

  onGone(listener: (address: string) => void): void {
    this.#listeners.push(listener);
  }

  /** Removes the namespaces that no Pod has: what a crash in the middle of setup or teardown left. */
  async sweep(): Promise<void> {
    const { exit, namespace } = this.#names;
    // First what is there: whoever makes a namespace has its address by then.
    const present = await readdir(this.#ground.pathOf('')).catch(() => []);
    const owned = new Set([exit.namespace, exit.underlay, ...this.#pool.addresses.map(namespace)]);
    const leftovers = present.filter((n) => n.startsWith(this.#names.namespacePrefix) && !owned.has(n));
    // The veth pair goes with the namespace that holds one end.
    if (leftovers.length > 0)
      await this.#ground.ip.runAnyway(leftovers.map((namespace) => `netns del ${namespace}`));
  }

  async #setup({ uid, cluster }: PodRef, node = ''): Promise<PodAddress> {
    this.#wayOut.wake();
    const isKnown = this.#pool.addressOf(uid) !== undefined;
    const spare = isKnown ? undefined : await this.#spares.take();
    const address = await this.#pool.take(uid, `${cluster} ${node}`, spare);
    const isComplete = spare !== undefined || (await this.#isComplete(address));
    if (!isComplete) {
      await this.#remove(address);
      await this.#create(address);
    }
    const isNew = spare !== undefined || !isComplete;
    await Promise.all(this.#filters.map((filter) => filter.setUp(uid, isNew)));
    if (isNew) this.#spares.refill();
    return this.#addressBy(address, this.#ground.joining(this.#names.namespace(address)));
  }

  /** Removes what is kept for Pods that will not come. */
  close(): Promise<void> {
    return this.#spares.close();
  }

  #addressBy(ip: string, enter: string[]): PodAddress {
    const { user } = this.#ground;
    return { ip, own: true, ...(user && { user }), wrap: (command) => [...enter, ...command] };
  }

  async #create(address: string): Promise<void> {
    const { gateway, serviceCidr } = this.#names;
    const [cable, namespace] = [this.#names.cable(address), this.#names.namespace(address)];
    const { ip, furnish } = this.#ground;
    try {
      await ip.runEach([
        {
          lines: [
            `netns add ${namespace}`,
            `link add ${cable} type veth peer name eth0 address ${this.#names.hardwareOf(address)} netns ${namespace}`,
            `link set ${cable} master ${this.#names.bridge}`,
          ],
        },
        {
          namespace,
          lines: [
            'link set lo up',
            `addr add ${address}/17 dev eth0`,
            'link set eth0 up',
            `route add ${serviceCidr} via ${gateway}`,
            `route add default via ${this.#wayOut.gateway}`,
          ],
        },
        ...(furnish ? [{ namespace, shell: furnish }] : []),
        // Last, so that a cable that is up means: complete.
        { lines: [`link set ${cable} up`] },
      ]);
      this.#complete.add(address);
    } catch (error) {
      await this.#remove(address);
      throw error;
    }
  }

  async #isComplete(address: string): Promise<boolean> {
    try {
      if (!(await this.#exists(this.#names.namespace(address)))) return false;
      if (this.#complete.has(address)) return true;
      const name = this.#names.cable(address);
      const [cable] = await this.#ground.ip.query<{ flags: string[] }>('link', 'show', 'dev', name);
      if (!cable?.flags.includes('UP')) return false;
      this.#complete.add(address);
      return true;
    } catch {
      return false;
    }
  }

  async #remove(address: string): Promise<void> {
    const namespace = this.#names.namespace(address);
    this.#complete.delete(address);
    if (await this.#exists(namespace))
      await this.#ground.ip.runAnyway([`link del ${this.#names.cable(address)}`, `netns del ${namespace}`]);
  }

  #exists(namespace: string): Promise<boolean> {
    return access(this.#ground.pathOf(namespace)).then(
      () => true,
      () => false,
    );
  }
}
