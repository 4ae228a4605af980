import { decodeFork, type Fork } from '../../../src/aws/drivers/dynamodb/forks/record.ts';
import { isReason } from '../../../src/shared/errors/apiError.ts';
import type { Listing, Storage } from '../../../src/shared/ports/storage.ts';
import { separator } from '../../../src/shared/storage/log/keys.ts';
import type { Item } from './expressions.ts';
import type { World } from './world.ts';
import type { Outcome, Process } from './worldSeen.ts';

const names = ['f1', 'f2', 'f3'];
const paths = ['a/x', 'a/y', 'b/x', 'b/z'];
export const pods = 'pods';

/** A list of a fork as its caller saw it. */
interface Seen {
  cluster: string;
  /** The newest revision that was acknowledged there when it began. */
  atLeast: number;
  owner: string | undefined;
  listing: Listing;
}

/** A call that made a fork, from a cluster that was none. */
interface Made {
  cluster: string;
  base: string;
  /** The newest revision of the base that was acknowledged when it began. */
  atLeast: number;
  /** How many forks had been ready by then, and when it ended. */
  before: number;
  after: number;
}

/** Forks among writers that crash: made by several at once, written, listed, dropped, made again. Records what its callers saw. */
export class ForkWorld {
  readonly outcomes: (Outcome & { cluster: string })[] = [];
  readonly lists: Seen[] = [];
  readonly made: Made[] = [];
  /** Each fork that was ever ready, in that order, and where its log begins. */
  readonly ready: Fork[] = [];
  readonly begun = new Map<string, number>();
  refusedDrops = 0;
  drops = 0;
  readonly #world: World;
  readonly #acknowledged = new Map<string, number>();
  #writes = 0;

  constructor(world: World) {
    this.#world = world;
    const { items } = world.simulator.operations;
    const put = items.put.bind(items);
    items.put = (item: Item) => {
      this.#note(item);
      put(item);
    };
  }

  /** What the table is told of forks. */
  #note(item: Item): void {
    const [kind, cluster = '', resource] = item.pk!.S!.split(separator);
    if (
      kind === 'fork' &&
      item.forkStage?.S === 'ready' &&
      !this.ready.some(({ id }) => id === item.forkId!.S)
    )
      this.ready.push(decodeFork(cluster, item));
    if (kind === 'counter' && resource === pods && item.fork?.S && !this.begun.has(item.fork.S))
      this.begun.set(item.fork.S, Number(item.reserved!.N) + 1);
  }

  /** One of several at once. */
  async run(rounds: number): Promise<void> {
    const world = this.#world;
    let process = world.open();
    for (let i = 0; i < rounds; i++) {
      await world.clock.sleep(world.pause());
      const doomed = world.random() < 0.2;
      if (doomed) void world.clock.sleep(Math.ceil(world.random() * 150)).then(process.crash);
      const done = await Promise.race([this.#one(process), process.crashed]);
      if (done === 'crashed' || doomed) process = world.open();
    }
  }

  async #one({ storage }: Process): Promise<void> {
    const cluster = this.#world.pick(names);
    const what = this.#world.random();
    try {
      if (what < 0.3) await this.#fork(storage, cluster);
      else if (what < 0.42) await this.#drop(storage, cluster);
      else if (what < 0.7) await this.#list(storage, cluster);
      else await this.#write(storage, cluster);
    } catch (error) {
      if (!isReason(error, 'ServiceUnavailable', 'Conflict', 'Expired')) throw error;
    }
  }

  async #fork(storage: Storage, cluster: string): Promise<void> {
    const base = this.#world.pick(['default', 'default', ...names]);
    const isNew = !this.#recordOf(cluster);
    const [before, atLeast] = [this.ready.length, this.#newestOf(base)];
    await storage.fork(base, cluster);
    if (isNew) this.made.push({ cluster, base, atLeast, before, after: this.ready.length });
  }

  async #drop(storage: Storage, cluster: string): Promise<void> {
    try {
      await storage.drop(cluster);
      this.drops++;
    } catch (error) {
      if (isReason(error, 'Conflict')) this.refusedDrops++;
      throw error;
    }
  }

  async #list(storage: Storage, cluster: string): Promise<void> {
    const atLeast = this.#acknowledged.get(cluster) ?? 0;
    const owner = this.#world.pick([undefined, undefined, 'u1']);
    const limit = this.#world.pick([0, 0, 2]);
    const scope = { cluster, resource: pods, ...(owner && { owner }) };
    const listing = await storage.list(scope, { limit });
    for (let { cursor } = listing; cursor; ) {
      const next = await storage.list(scope, { limit, cursor });
      if (next.revision !== listing.revision) throw new Error('a page of another revision');
      listing.items.push(...next.items);
      cursor = next.cursor;
    }
    this.lists.push({ cluster, atLeast, owner, listing });
  }

  /** As the API does: only in a cluster that is there. */
  async #write(storage: Storage, cluster: string): Promise<void> {
    if (this.#recordOf(cluster)?.stage !== 'ready') return;
    const path = this.#world.pick(paths);
    const [namespace = '', name = ''] = path.split('/');
    const key = { cluster, resource: pods, namespace, name };
    const stored = await storage.get(key);
    const outcome: Outcome & { cluster: string } = {
      ...{ cluster, path, kind: 'create' },
      id: `${cluster}w${this.#writes++}`,
    };
    if (stored) {
      outcome.kind = this.#world.random() < 0.5 ? 'update' : 'delete';
      outcome.expected = stored.revision;
    }
    this.outcomes.push(outcome);
    const build = (revision: string) => Buffer.from(JSON.stringify({ id: outcome.id, revision }));
    const index = { owners: [this.#world.pick(['u1', 'u2'])] };
    try {
      const { revision } = await (outcome.kind === 'create'
        ? storage.create(key, build, index)
        : outcome.kind === 'update'
          ? storage.update(key, stored!.revision, build, index)
          : storage.delete(key, stored!.revision, build));
      outcome.revision = Number(revision);
      this.#acknowledged.set(cluster, Math.max(this.#acknowledged.get(cluster) ?? 0, outcome.revision));
    } catch (error) {
      if (!isReason(error, 'ServiceUnavailable'))
        outcome.refused = (error as { reason?: string }).reason ?? `${error}`;
    }
  }

  #newestOf(cluster: string): number {
    return cluster === 'default' ? this.#world.acknowledged : (this.#acknowledged.get(cluster) ?? 0);
  }

  #recordOf(cluster: string): Fork | undefined {
    const item = this.#world.simulator.operations.items.get({
      pk: { S: `fork${separator}${cluster}` },
      sk: { S: '-' },
    });
    return item && decodeFork(cluster, item);
  }

  /** What every fork shows in the end, by whatever way it is asked. */
  async look(storage: Storage): Promise<void> {
    for (const cluster of names) {
      const record = this.#recordOf(cluster);
      if (record && record.stage !== 'ready') continue;
      for (const owner of [undefined, 'u1']) {
        const scope = { cluster, resource: pods, ...(owner && { owner }) };
        const listing = await storage.list(scope);
        const atLeast = this.#acknowledged.get(cluster) ?? 0;
        this.lists.push({ cluster, atLeast, owner, listing });
        if (owner) this.#same(await storage.owned(cluster, owner), listing, 'owned');
        else
          for (const path of paths) {
            const [namespace = '', name = ''] = path.split('/');
            const found = await storage.get({ cluster, resource: pods, namespace, name });
            const listed = listing.items.find(({ key }) => `${key.namespace}/${key.name}` === path);
            if (found?.revision !== listed?.revision)
              throw new Error(`${cluster} ${path}: get and list differ`);
          }
      }
    }
  }

  #same(keys: { namespace: string; name: string }[], { items }: Listing, what: string): void {
    const lines = (all: { namespace: string; name: string }[]) =>
      all.map(({ namespace, name }) => `${namespace}/${name}`).join();
    const [a, b] = [lines(keys), lines(items.map(({ key }) => key))];
    if (a !== b) throw new Error(`${what} ${a}, listed ${b}`);
  }

  /** Drops every fork, and forks the base once more to take along what late writers have noted. */
  async end(storage: Storage): Promise<void> {
    await storage.fork('default', 'last');
    const left = new Set([...names, 'last']);
    for (let tries = 0; left.size; tries++) {
      if (tries > 10) throw new Error(`cannot drop ${[...left].join()}`);
      for (const cluster of left) {
        const dropped = await storage.drop(cluster).then(
          () => true,
          (error: unknown) => {
            if (!isReason(error, 'Conflict')) throw error;
            return false;
          },
        );
        if (dropped) left.delete(cluster);
      }
    }
  }
}
