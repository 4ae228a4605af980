import { openDynamoStorage } from '../../../src/aws/drivers/dynamodb/index.ts';
import { ManualClock } from '../../../src/shared/clock/manualClock.ts';
import { seededIds } from '../../../src/shared/clock/seededIds.ts';
import { isReason } from '../../../src/shared/errors/apiError.ts';
import { ClaimsHeld } from '../../../src/shared/ports/claimsHeld.ts';
import type { Storage } from '../../../src/shared/ports/storage.ts';
import { allFaults } from './faults.ts';
import { ForkWorld } from './forkWorld.ts';
import { packingOf } from './packing.ts';
import { Simulator } from './simulator.ts';
import type { Outcome, Process, Read, Seen, Watched } from './worldSeen.ts';
import { listWhole, paths, rival, rivalClaim, space, timings } from './worldSeen.ts';

/** Writers that crash, readers and watches on one simulated table, and a record of all they saw. */
export class World {
  readonly clock = new ManualClock();
  readonly simulator: Simulator;
  readonly outcomes: Outcome[] = [];
  readonly lists: Seen[] = [];
  readonly reads: Read[] = [];
  readonly watches: Watched[] = [];
  readonly #ids;
  readonly #end = new AbortController();
  /** In half of the histories writers say beforehand what they reserve, and readers go by that. */
  readonly #seldom: string[];
  readonly #packs: (serial: number) => boolean;
  /** The newest acknowledged revision. */
  acknowledged = 0;
  /** Absent: nobody forks. */
  readonly forks: ForkWorld | undefined;
  #newest = new Map<string, number>();
  #processes = 0;
  #writes = 0;

  constructor(seed: number, { hasForks = false } = {}) {
    this.#ids = seededIds(seed);
    this.#seldom = seed % 2 ? [] : [space.resource];
    this.#packs = packingOf(seed);
    // Some histories are calm, so that races without faults are met as well.
    const harm = this.random();
    const { throttle, conflict, lose, slow } = allFaults;
    const faults = { ...allFaults, throttle: throttle * harm, conflict: conflict * harm, lose: lose * harm };
    this.simulator = new Simulator({
      clock: this.clock,
      ids: seededIds(seed + 1_000_003),
      faults: { ...faults, slow: slow * harm },
    });
    this.forks = hasForks ? new ForkWorld(this) : undefined;
  }

  /** Runs until every writer is done and every watch has caught up. */
  async run(writers: number, writes: number): Promise<void> {
    const working = [
      ...Array.from({ length: writers }, () => this.#write(writes, (storage) => this.#writeOne(storage))),
      this.#write(writes, (storage) => this.#writeRival(storage)),
      this.#read(writes),
      ...(this.forks ? [this.forks.run(3 * writes), this.forks.run(3 * writes)] : []),
      this.#watch(),
      this.#watch(),
    ];
    await this.#within(Promise.all(working.slice(0, -2)));
    await this.#settle();
    if (this.forks) await this.#within(this.forks.look(this.open().storage));
    this.#end.abort();
    await this.clock.advance(1_000);
    await Promise.all(working);
  }

  /** Lets time go on until it is done. */
  async #within(work: Promise<unknown>): Promise<void> {
    let done = false;
    const all = work.finally(() => {
      done = true;
    });
    // Told below; until then a failure must not count as unhandled.
    all.catch(() => {});
    for (let seconds = 0; !done; seconds++) {
      if (seconds > 1_200) throw new Error('still not done after 20 minutes');
      await this.clock.advance(1_000);
    }
    await all;
  }

  /** Drops the forks, whatever else there is. */
  async end(): Promise<void> {
    if (this.forks) await this.#within(this.forks.end(this.open().storage));
  }

  /** No faults any more: whatever is still on its way arrives, readers close what was left open. */
  async #settle(): Promise<void> {
    Object.assign(this.simulator.faults, { throttle: 0, conflict: 0, lose: 0, slow: 0 });
    await this.clock.advance(6_000);
  }

  open(): Process {
    const { client, crash } = this.simulator.connect();
    const serial = this.#processes++;
    const ids = seededIds(Math.floor(this.random() * 2 ** 31) + serial);
    const storage = openDynamoStorage({
      client,
      table: 'shallop',
      clock: this.clock,
      ids,
      timings,
      seldom: this.#seldom,
      packs: () => this.#packs(serial),
    });
    let tell: (crashed: 'crashed') => void;
    const crashed = new Promise<'crashed'>((resolve) => {
      tell = resolve;
    });
    return {
      storage,
      crashed,
      crash: () => {
        crash();
        tell('crashed');
      },
    };
  }

  async #write(writes: number, one: (storage: Storage) => Promise<void>): Promise<void> {
    let process = this.open();
    for (let i = 0; i < writes; i++) {
      await this.clock.sleep(this.pause());
      const doomed = this.random() < 0.12;
      if (doomed) void this.clock.sleep(Math.ceil(this.random() * 40)).then(process.crash);
      if ((await Promise.race([one(process.storage), process.crashed])) === 'crashed' || doomed)
        process = this.open();
    }
  }

  /** Mostly short; now and then longer than a reservation lives. */
  pause(): number {
    return this.random() < 0.01 ? 20_000 : Math.ceil(this.random() * 100);
  }

  async #writeOne(storage: Storage): Promise<void> {
    const path = this.pick(paths);
    const [namespace = '', name = ''] = path.split('/');
    const key = { ...space, namespace, name };
    const atLeast = this.#newest.get(path) ?? 0;
    const stored = await storage.get(key).catch(() => undefined);
    this.reads.push({ path, atLeast: stored ? atLeast : 0, stored });
    const outcome: Outcome = { id: `w${this.#writes++}`, path, kind: 'create' };
    if (stored && this.random() < 0.9) {
      outcome.kind = this.random() < 0.65 ? 'update' : 'delete';
      outcome.expected = stored.revision;
    }
    this.outcomes.push(outcome);
    const build = (revision: string) => Buffer.from(JSON.stringify({ id: outcome.id, revision }));
    const claims = this.pick([[], [], [], [], ['c1'], ['c2'], ['c1', 'c2']]);
    const index = { owners: [this.pick(['u1', 'u2'])], claims };
    try {
      const { revision } = await (outcome.kind === 'create'
        ? storage.create(key, build, index)
        : outcome.kind === 'update'
          ? storage.update(key, stored!.revision, build, index)
          : storage.delete(key, stored!.revision, build));
      outcome.revision = Number(revision);
      this.acknowledged = Math.max(this.acknowledged, outcome.revision);
      this.#newest.set(path, Math.max(this.#newest.get(path) ?? 0, outcome.revision));
    } catch (error) {
      if (error instanceof ClaimsHeld) outcome.held = error.claims;
      if (!isReason(error, 'ServiceUnavailable'))
        outcome.refused = (error as { reason?: string }).reason ?? `${error}`;
    }
  }

  /** Whatever comes of it: the claims in the table have to be those of the objects. */
  async #writeRival(storage: Storage): Promise<void> {
    const key = { ...rival, namespace: 'a', name: this.pick(['x', 'y']) };
    const build = (revision: string) => Buffer.from(JSON.stringify({ id: 'rival', revision }));
    const index = { claims: this.pick([[], [rivalClaim]]) };
    try {
      const stored = await storage.get(key);
      if (!stored) await storage.create(key, build, index);
      else if (this.random() < 0.5) await storage.update(key, stored.revision, build, index);
      else await storage.delete(key, stored.revision, build);
    } catch (error) {
      if (!isReason(error, 'ServiceUnavailable', 'Conflict', 'NotFound', 'AlreadyExists', 'Invalid'))
        throw error;
    }
  }

  async #read(rounds: number): Promise<void> {
    for (let i = 0; i < rounds; i++) {
      await this.clock.sleep(this.pause());
      // A new process each time knows nothing of the log.
      const { storage } = this.open();
      const atLeast = this.acknowledged;
      const limit = this.pick([0, 1, 2]);
      const owner = this.pick([undefined, undefined, 'u1']);
      await this.#list(storage, { ...space, ...(owner && { owner }) }, limit, atLeast);
    }
  }

  async #list(storage: Storage, scope: { owner?: string } & typeof space, limit: number, atLeast: number) {
    try {
      const listing = await listWhole(storage, scope, limit);
      this.lists.push({ atLeast, listing: { ...listing, ...(scope.owner && { cursor: scope.owner }) } });
      return listing;
    } catch (error) {
      if (!isReason(error, 'ServiceUnavailable', 'Expired')) throw error;
      return undefined;
    }
  }

  /** As an informer: lists, watches, and lists again when it must. */
  async #watch(): Promise<void> {
    const { storage } = this.open();
    const { signal } = this.#end;
    while (!signal.aborted) {
      const listing = await this.#list(storage, space, 0, this.acknowledged);
      if (!listing) {
        await this.clock.sleep(100);
        continue;
      }
      const since = Number(listing.revision);
      const watched: Watched = { since, changes: [], progress: [], position: since };
      this.watches.push(watched);
      try {
        for await (const event of storage.watch(space, listing.revision, signal)) {
          const revision = Number(event.type === 'progress' ? event.revision : event.object.revision);
          watched.position = revision;
          if (event.type === 'progress') watched.progress.push({ revision, told: watched.changes.length });
          else watched.changes.push(event);
          await this.clock.sleep(this.random() < 0.2 ? 30 : 0);
        }
      } catch (error) {
        watched.ended = error;
        if (!isReason(error, 'ServiceUnavailable', 'Expired')) throw error;
      }
    }
    await storage.close();
  }

  random(): number {
    return this.#ids.random();
  }

  pick<T>(from: readonly T[]): T {
    return from[Math.floor(this.random() * from.length)]!;
  }
}
