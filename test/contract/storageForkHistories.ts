import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ManualClock } from '../../src/shared/clock/manualClock.ts';
import { isReason } from '../../src/shared/errors/apiError.ts';
import type { Key, Storage, Stored } from '../../src/shared/ports/storage.ts';
import { separator } from '../../src/shared/storage/log/keys.ts';
import type { Subject } from './storage.ts';
import { build, key, path, text } from './storageSupport.ts';

const clusters = ['c0', 'c1', 'c2', 'c3', 'c4', 'c5'];
const resources = ['pods', 'secrets'];
const owners = ['u1', 'u2'];

type Op =
  | {
      is: 'write';
      kind: 'create' | 'update' | 'delete';
      cluster: string;
      resource: string;
      where: string;
      owner: string;
    }
  | { is: 'fork'; base: string; cluster: string; without: string[] }
  | { is: 'drop'; cluster: string }
  | { is: 'restart' | 'forget' | 'look' };

const anyCluster = fc.constantFrom(...clusters);
const write = fc.record({
  is: fc.constant('write' as const),
  kind: fc.constantFrom('create' as const, 'update' as const, 'update' as const, 'delete' as const),
  cluster: anyCluster,
  resource: fc.constantFrom(...resources),
  where: fc.constantFrom('a/x', 'a/y', 'a-b/x', 'b/x', '/x'),
  owner: fc.constantFrom(...owners),
});
const fork = fc.record({
  is: fc.constant('fork' as const),
  base: anyCluster,
  cluster: anyCluster,
  without: fc.oneof({ weight: 4, arbitrary: fc.constant<string[]>([]) }, fc.constant<string[]>(['secrets'])),
});
const drop = fc.record({ is: fc.constant('drop' as const), cluster: anyCluster });
const other = fc.record({ is: fc.constantFrom('restart' as const, 'forget' as const, 'look' as const) });
const history = fc.array<Op>(
  fc.oneof(
    { weight: 12, arbitrary: write },
    { weight: 4, arbitrary: fork },
    { weight: 1, arbitrary: drop },
    { weight: 1, arbitrary: other },
  ),
  { minLength: 10, maxLength: 70 },
);

interface Seen {
  revision: string;
  text: string;
  owner: string;
}

/** One resource of one cluster, as plain copies. */
interface Space {
  head: number;
  now: Map<string, Seen>;
  /** Since the cluster began: what it was at each revision. */
  past: Map<number, Map<string, Seen>>;
}

interface Model {
  /** cluster → resource → space; absent: never written. */
  clusters: Map<string, Map<string, Space>>;
  forks: Map<string, string>;
  /** cluster that was dropped, or a resource of it → the revision from which it may go on, at least. */
  least: Map<string, number>;
  /** Revisions that writes may have spent, beside those that it tells of, by resource of a cluster. */
  spent: Map<string, number>;
  subject: Subject;
}

/** Each resource by itself, or all of a cluster together. */
const leastName = ({ subject }: Model, cluster: string, resource: string) =>
  subject.skips ? `${cluster} ${resource}` : cluster;

const spaceIn = (model: Model, cluster: string, resource: string): Space => {
  const { clusters, least } = model;
  const spaces = clusters.get(cluster) ?? new Map<string, Space>();
  clusters.set(cluster, spaces);
  const head = least.get(leastName(model, cluster, resource)) ?? 1;
  const space = spaces.get(resource) ?? { head, now: new Map(), past: new Map([[head, new Map()]]) };
  return space;
};

async function apply(op: Op, storage: Storage, model: Model, count: number): Promise<void> {
  if (op.is === 'write') return change(op, storage, model, `${count}`);
  if (op.is === 'fork') return makeFork(op, storage, model);
  if (op.is !== 'drop') return;
  const { cluster } = op;
  for (const resource of resources) await settleHead(storage, model, cluster, resource);
  const hasForks = [...model.forks.values()].includes(cluster);
  const dropped = await storage.drop(cluster).then(
    () => true,
    (error) => !isReason(error, 'Conflict'),
  );
  expect(dropped).toBe(!hasForks);
  if (!dropped) return;
  if (model.subject.skips)
    // Nothing is left of it, and the end is told again.
    for (const resource of resources.filter((each) => !model.clusters.get(cluster)?.has(each))) {
      const least = model.least.get(leastName(model, cluster, resource));
      if (least !== undefined) model.least.set(leastName(model, cluster, resource), least + 1);
    }
  for (const resource of [...(model.clusters.get(cluster)?.keys() ?? [])]) {
    const name = leastName(model, cluster, resource);
    const ended = model.clusters.get(cluster)!.get(resource)!.head + 1;
    model.spent.delete(`${cluster} ${resource}`);
    model.least.set(name, Math.max(model.least.get(name) ?? 1, ended));
  }
  model.clusters.delete(cluster);
  model.forks.delete(cluster);
}

async function change(op: Op & { is: 'write' }, storage: Storage, model: Model, value: string) {
  const { cluster, resource, where, kind, owner } = op;
  const space = spaceIn(model, cluster, resource);
  const at: Key = key(where, { cluster, resource });
  const known = space.now.get(where);
  const expected = known?.revision ?? '1';
  const result = await (kind === 'create'
    ? storage.create(at, build(value), { owners: [owner] })
    : kind === 'update'
      ? storage.update(at, expected, build(value), { owners: [owner] })
      : storage.delete(at, expected, build(value))
  ).catch((error: unknown) => {
    expect(error).toMatchObject({ reason: kind === 'create' ? 'AlreadyExists' : 'NotFound' });
    return undefined;
  });
  expect(result !== undefined).toBe(kind === 'create' ? !known : !!known);
  const name = `${cluster} ${resource}`;
  if (!result) {
    model.spent.set(name, (model.spent.get(name) ?? 0) + model.subject.spentBy(1));
    return;
  }
  const spent = model.spent.get(name) ?? 0;
  expect(Number(result.revision)).toBeGreaterThan(space.head);
  expect(Number(result.revision)).toBeLessThanOrEqual(space.head + 1 + spent);
  model.spent.delete(name);
  space.head = Number(result.revision);
  space.now = new Map(space.now);
  if (kind === 'delete') space.now.delete(where);
  else space.now.set(where, { revision: result.revision, text: value, owner });
  space.past.set(space.head, space.now);
  model.clusters.get(cluster)!.set(resource, space);
}

async function makeFork({ base, cluster, without }: Op & { is: 'fork' }, storage: Storage, model: Model) {
  for (const resource of resources) await settleHead(storage, model, base, resource);
  const isBase = [...model.forks.values()].includes(cluster);
  const isNew =
    base !== cluster && !isBase && !model.clusters.get(cluster)?.size && !model.forks.has(cluster);
  const isSame = base !== cluster && model.forks.get(cluster) === base;
  const made = await storage.fork(base, cluster, { without }).then(
    () => true,
    (error) => !isReason(error, 'Conflict'),
  );
  expect(made).toBe(isNew || isSame);
  if (!isNew) return;
  const spaces = new Map<string, Space>();
  for (const [resource, { head, now }] of model.clusters.get(base) ?? []) {
    if (without.includes(resource)) continue;
    // No revision of an earlier cluster of that name comes again.
    const start = startOf(model, cluster, resource, head);
    spaces.set(resource, { head: start, now, past: new Map([[start, now]]) });
  }
  model.clusters.set(cluster, spaces);
  model.forks.set(cluster, base);
}

/** A name that comes back takes, where each resource goes by itself, a revision for the beginning. */
function startOf(model: Model, cluster: string, resource: string, head: number): number {
  const least = model.least.get(leastName(model, cluster, resource));
  return Math.max(head, least === undefined ? 1 : least + (model.subject.skips ? 1 : 0));
}

/** What refused writes have spent shows as a newer head. */
async function settleHead(storage: Storage, model: Model, cluster: string, resource: string): Promise<void> {
  const space = model.clusters.get(cluster)?.get(resource);
  if (!space) return;
  const actual = Number(await storage.head(cluster, resource));
  const spent = model.spent.get(`${cluster} ${resource}`) ?? 0;
  expect(actual).toBeGreaterThanOrEqual(space.head);
  expect(actual).toBeLessThanOrEqual(space.head + spent);
  model.spent.set(`${cluster} ${resource}`, spent - (actual - space.head));
  space.head = actual;
  space.past.set(actual, space.now);
}

const byKey = (a: string, b: string) =>
  Buffer.compare(Buffer.from(a.replace('/', separator)), Buffer.from(b.replace('/', separator)));

const lineOf = (item: Stored) =>
  `${path(item)} ${item.revision} ${text(item)} ${item.index.owners?.join('+')}`;
const linesIn = (state: ReadonlyMap<string, Seen>) =>
  [...state]
    .sort(([a], [b]) => byKey(a, b))
    .map(([where, { revision, text, owner }]) => `${where} ${revision} ${text} ${owner}`);

/** Everything that can be asked of a storage is as the model says. */
async function compare(storage: Storage, model: Model): Promise<void> {
  for (const cluster of clusters) {
    for (const resource of resources) await compareSpace(storage, model, cluster, resource);
    for (const owner of owners) {
      const found = (await storage.owned(cluster, owner)).map(
        (k) => `${k.cluster} ${k.resource} ${k.namespace}/${k.name}`,
      );
      const wanted = resources.flatMap((resource) =>
        linesIn(spaceIn(model, cluster, resource).now)
          .filter((line) => line.endsWith(` ${owner}`))
          .map((line) => `${cluster} ${resource} ${line.split(' ')[0]}`),
      );
      expect(found).toEqual(wanted);
    }
    const forks = [...model.forks].filter(([, base]) => base === cluster).map(([name]) => name);
    expect(await storage.forks(cluster)).toEqual(forks.sort());
    const shown = resources.reduce((sum, r) => sum + spaceIn(model, cluster, r).now.size, 0);
    expect((await storage.size(cluster)).objects).toBe(shown);
  }
}

async function compareSpace(storage: Storage, model: Model, cluster: string, resource: string) {
  await settleHead(storage, model, cluster, resource);
  const { head, now, past } = spaceIn(model, cluster, resource);
  const scope = { cluster, resource };
  const lines = async (more: { namespace?: string; owner?: string }, limit: number, at?: string) => {
    let page = await storage.list({ ...scope, ...more }, { limit, ...(at && { at }) });
    const found = page.items.map(lineOf);
    while (page.cursor) {
      page = await storage.list({ ...scope, ...more }, { limit, cursor: page.cursor });
      found.push(...page.items.map(lineOf));
    }
    return found;
  };
  const all = linesIn(now);
  expect(await storage.head(cluster, resource)).toBe(`${head}`);
  expect(await lines({}, 0)).toEqual(all);
  expect(await lines({}, 2)).toEqual(all);
  expect(await lines({ namespace: 'a' }, 1)).toEqual(all.filter((line) => line.startsWith('a/')));
  expect(await lines({ owner: 'u1' }, 1)).toEqual(all.filter((line) => line.endsWith(' u1')));
  for (const where of ['a/x', 'a/y', 'a-b/x', 'b/x', '/x']) {
    const found = await storage.get(key(where, scope));
    expect(found && lineOf(found)).toBe(all.find((line) => line.startsWith(`${where} `)));
  }
  for (const [revision, state] of past) {
    const found = await lines({}, 2, `${revision}`).catch((error: unknown) => {
      expect(error).toMatchObject({ reason: 'Expired' });
      return undefined;
    });
    if (found) expect(found).toEqual(linesIn(state));
  }
}

export function forkHistories(subject: Subject): void {
  test('forks deep and wide are as deep copies would be, through restarts and forgotten logs', async () => {
    await fc.assert(
      fc.asyncProperty(history, async (ops) => {
        let storage = await subject.open({ retention: { keepMs: 1, keepAtLeast: 2, keepAtMost: 4 } });
        const maps = { clusters: new Map(), forks: new Map(), least: new Map(), spent: new Map() };
        const model: Model = { ...maps, subject };
        const stop = passing(subject.clock);
        try {
          for (const [count, op] of ops.entries()) {
            await apply(op, storage, model, count);
            if (op.is === 'restart') storage = await subject.restart(storage);
            if (op.is === 'forget') await subject.clock.advance(120_000);
            if (op.is === 'look') await compare(storage, model);
          }
          await compare(storage, model);
          await storage.close();
        } finally {
          stop();
        }
      }),
      { numRuns: Number(process.env.SHALLOP_FORK_RUNS ?? 60) },
    );
  });
}

/**
 * Lets time go on while somebody waits for it: what the process before a restart had under way ends in its own time, and
 * whoever meets that half done looks again a little later.
 */
function passing(clock: ManualClock): () => void {
  const timer = setInterval(() => clock.sleeping > 0 && void clock.advance(100), 50);
  return () => clearInterval(timer);
}
