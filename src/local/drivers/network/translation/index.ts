import type { Clock } from '../../../../shared/clock/clock.ts';
import type { ServiceRef } from '../../../../shared/ports/cloud.ts';
import { Turns } from '../../inTurn.ts';
import { refKey } from '../../refKey.ts';
import { FirstPass } from './firstPass.ts';
import { programOf, type Translation, translationOf } from './ruleset.ts';
import { type Translatable, type TranslatedPort, translatedPorts } from './translated.ts';

/** Leads connections of Pods to Services in the kernel, so that both ends see each other. */
export interface ServiceTranslation {
  /** Says what a Service is now; undefined: its connections are the proxy's. */
  tell(ref: ServiceRef, service: Translatable | undefined): void;
  /** Resolves when all Pods of a logical cluster know what was said until now; those that cannot be told are told again. */
  heard(cluster: string): Promise<void>;
  /** Says which Services a logical cluster has. Rules from before this process stay until it was told of all of them. */
  expect(cluster: string, services: readonly ServiceRef[]): void;
  /** Changes nothing any more. The rules stay with the Pods, which may outlive this process. */
  close(): void;
}

export interface TranslatorOptions {
  clock: Clock;
  /** Returns whether Pods reach an address directly. */
  isNear(address: string): boolean;
  /** The address of a Pod. */
  addressOf(uid: string): string | undefined;
  /** The Node of a Pod; empty where that is not known. */
  nodeOf(uid: string): string;
  /** The logical cluster of a Pod; empty where that is not known. */
  clusterOf(uid: string): string;
  /** Those who have a network namespace. */
  uids(): Iterable<string>;
  /** Runs a program of nft in the Pod's network namespace; false when the Pod has none (any more). */
  apply(uid: string, program: string): Promise<boolean>;
  /** The names of the sets of the table of Services in the Pod's network namespace. */
  setsOf(uid: string): Promise<string[]>;
}

/** So many namespaces are told at the same time. */
const atOnce = 4;
/** A Pod that is to end waits so long at most for others to hear of it, in milliseconds. */
const longestMs = 2_000;
/** What could not be told is told again so much later, in milliseconds. */
const retryMs = 5_000;

/**
 * Keeps the same rules in the network namespace of each Pod of a logical cluster and a Node. Changes are gathered while Pods are being told, and for as long
 * again, so that half of the time at most goes into that. A Pod that cannot be told goes on by the proxy, which answers at
 * each address that is translated, or by what it was told before.
 */
export class Translator implements ServiceTranslation {
  readonly #options: TranslatorOptions;
  /** By refKey(). */
  readonly #services = new Map<string, Translatable & { cluster: string }>();
  readonly #applied = new Map<string, Translation>();
  /** UIDs of Pods that are about to end. */
  readonly #leaving = new Set<string>();
  /** UIDs of Pods that could not be told: what they have is not known. */
  readonly #failed = new Set<string>();
  readonly #firstPass = new FirstPass(() => void this.#soon());
  readonly #turns = new Turns();
  /** By logical cluster and Node, as Services were when the last round began. */
  #wanted = new Map<string, Translation>();
  /** The round that began last. */
  #running: Promise<void> | undefined;
  /** The round that has not begun: whoever comes now is part of it. */
  #next: Promise<void> | undefined;
  #rested: Promise<unknown> = Promise.resolve();
  #retry: Promise<void> | undefined;
  #isClosed = false;

  constructor(options: TranslatorOptions) {
    this.#options = options;
  }

  expect(cluster: string, services: readonly ServiceRef[]): void {
    this.#firstPass.expect(cluster, services.map(refKey));
  }

  tell(ref: ServiceRef, service: Translatable | undefined): void {
    const owner = refKey(ref);
    const before = this.#services.get(owner);
    if (service) this.#services.set(owner, { ...service, cluster: ref.cluster });
    else this.#services.delete(owner);
    this.#firstPass.heard(ref.cluster, owner);
    if (!isAlike(before, service)) void this.#soon();
  }

  async heard(cluster: string): Promise<void> {
    const { clusterOf } = this.#options;
    await this.#firstPass.end(cluster);
    await Promise.all([this.#running, this.#next]);
    while (!this.#isClosed && [...this.#failed].some((uid) => clusterOf(uid) === cluster))
      await this.#tryAgain();
  }

  /** Gives a Pod that is being set up its rules, before anything of it runs. `isNew`: it has none of an earlier run. */
  async setUp(uid: string, isNew: boolean): Promise<void> {
    this.#leaving.delete(uid);
    if (isNew) {
      this.#applied.set(uid, translationOf([]));
      this.#failed.delete(uid);
    }
    await this.#bring(uid);
  }

  /** Leads nobody to a Pod any more where others are ready, as it is about to end; resolves when that is so. */
  async leave(uid: string): Promise<void> {
    const address = this.#options.addressOf(uid);
    if (this.#leaving.has(uid) || !address) return;
    this.#leaving.add(uid);
    const services = [...this.#services.values()].filter(({ endpoints }) =>
      endpoints.some((each) => each.address === address),
    );
    if (services.length === 0) return;
    const round = this.#soon();
    const leaving = this.#leavingAddresses();
    const hasOthers = services.some(({ endpoints }) =>
      endpoints.some((each) => each.ready && !leaving.has(each.address)),
    );
    if (hasOthers) await Promise.race([round, this.#options.clock.sleep(longestMs)]);
  }

  /** Its network is gone. */
  forget(uid: string): void {
    this.#applied.delete(uid);
    this.#failed.delete(uid);
    this.#leaving.delete(uid);
  }

  close(): void {
    this.#isClosed = true;
  }

  /** Nobody is led by what another logical cluster says: it may give its Services any addresses. */
  #wantedBy(uid: string): Translation {
    const [cluster, node] = [this.#options.clusterOf(uid), this.#options.nodeOf(uid)];
    const standpoint = `${cluster} ${node}`;
    const known = this.#wanted.get(standpoint);
    if (known) return known;
    const { isNear } = this.#options;
    const leaving = this.#leavingAddresses();
    const ports = [...this.#services.values()]
      .filter((each) => each.cluster === cluster)
      .flatMap((each) => translatedPorts(each, { isNear, leaving, node }));
    const wanted = translationOf(inOrder(ports));
    this.#wanted.set(standpoint, wanted);
    return wanted;
  }

  #leavingAddresses(): Set<string> {
    return new Set([...this.#leaving].map((uid) => this.#options.addressOf(uid) ?? ''));
  }

  #soon(): Promise<void> {
    if (this.#next) return this.#next;
    const { clock } = this.#options;
    let tookMs = 0;
    const round: Promise<void> = this.#rested.then(async () => {
      this.#next = undefined;
      this.#running = round;
      const begun = clock.now();
      await this.#bringAll();
      tookMs = clock.now() - begun;
    });
    this.#next = round;
    this.#rested = round.then(() => clock.sleep(tookMs));
    return round;
  }

  #tryAgain(): Promise<void> {
    this.#retry ??= this.#options.clock.sleep(retryMs).then(() => {
      this.#retry = undefined;
      if (!this.#isClosed) return this.#soon();
    });
    return this.#retry;
  }

  async #bringAll(): Promise<void> {
    this.#wanted = new Map();
    const uids = [...this.#options.uids()];
    const work = async () => {
      for (let uid = uids.pop(); uid !== undefined; uid = uids.pop()) await this.#bring(uid);
    };
    await Promise.all(Array.from({ length: atOnce }, work));
  }

  #bring(uid: string): Promise<void> {
    return this.#turns.take(uid, async () => {
      const { clusterOf, addressOf, apply } = this.#options;
      const applied = this.#applied.get(uid);
      // It has what an earlier process knew.
      if (!applied && !this.#firstPass.isOver(clusterOf(uid))) return;
      const wanted = this.#wantedBy(uid);
      if (this.#isClosed || applied?.rules.join() === wanted.rules.join()) return;
      const before = applied ?? (await this.#found(uid));
      this.#applied.delete(uid);
      try {
        const isSet = await apply(uid, programOf(wanted, before));
        this.#failed.delete(uid);
        if (isSet && addressOf(uid)) this.#applied.set(uid, wanted);
      } catch {
        this.#failed.add(uid);
        void this.#tryAgain();
      }
    });
  }

  /** What an earlier process left, so that clients stay where they are; nothing is known of it once it could not be changed. */
  async #found(uid: string): Promise<{ memories: Set<string> } | undefined> {
    return this.#failed.has(uid) ? undefined : { memories: new Set(await this.#options.setsOf(uid)) };
  }
}

/** Whatever of a Service changes else, statuses and versions, is no news for Pods. */
const isAlike = (one: Translatable | undefined, other: Translatable | undefined): boolean =>
  JSON.stringify([one?.service.spec, one?.service.metadata.labels, one?.endpoints]) ===
  JSON.stringify([other?.service.spec, other?.service.metadata.labels, other?.endpoints]);

/** However Services were told of. */
const inOrder = (ports: readonly TranslatedPort[]): TranslatedPort[] =>
  ports
    .map((port) => [`${port.at.address}:${port.at.port}`, port] as const)
    .sort(([one], [other]) => (one < other ? -1 : one > other ? 1 : 0))
    .map(([, port]) => port);
