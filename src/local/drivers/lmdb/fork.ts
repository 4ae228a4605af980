import type { Size } from '../../../shared/ports/storage.ts';
import { notEmpty } from '../../../shared/storage/log/errors.ts';
import { separator } from '../../../shared/storage/log/keys.ts';
import { historyKey, pastOwnerKey, replacedIn } from './history.ts';
import { visible } from './layered.ts';
import type { Snapshot } from './layers.ts';
import { clusterRange, type Tables } from './tables.ts';

/**
 * Makes `cluster` a fork of `base` as it is now, in the open transaction, and answers the snapshot to add to the layers.
 * Undefined when it is a fork of it already. Throws Conflict when it holds anything else or has forks.
 */
export function forkCluster(
  tables: Tables,
  base: string,
  cluster: string,
  without: readonly string[],
): Snapshot | undefined {
  const { layers, spaces, snapshots, forks } = tables;
  const known = layers.of(cluster);
  if (known?.base === base) return undefined;
  const isWritten = spaces.getKeysCount({ ...clusterRange(cluster), limit: 1 }) > 0;
  // An empty base that became a fork could be one of its own forks.
  if (known || isWritten || base === cluster || layers.snapshotsOf(cluster).length) throw notEmpty(cluster);
  const heads = new Map([...headsOf(tables, base)].filter(([resource]) => !without.includes(resource)));
  const same = layers.snapshotsOf(base).find((snapshot) => isEqual(snapshot.heads, heads));
  const [last = 0] = snapshots.getKeys({ reverse: true, limit: 1 });
  const snapshot = same ?? { id: last + 1, base, heads };
  if (!same) snapshots.put(snapshot.id, { base, heads: [...heads] });
  forks.put(cluster, snapshot.id);
  return snapshot;
}

/** By resource: the newest revision of what a cluster wrote itself. */
export function* ownHeads(tables: Tables, cluster: string): Generator<[resource: string, head: number]> {
  for (const { key: space, value } of tables.spaces.getRange(clusterRange(cluster)))
    yield [space.slice(cluster.length + separator.length), value[0]];
}

/** By resource: the newest revision of everything that a cluster wrote, or has from its base. */
export function* headsOf(tables: Tables, cluster: string): Generator<[resource: string, head: number]> {
  const inherited = new Map(tables.layers.of(cluster)?.heads);
  for (const head of ownHeads(tables, cluster)) {
    inherited.delete(head[0]);
    yield head;
  }
  for (const resource of inherited.keys())
    yield [resource, tables.state(cluster + separator + resource).head];
}

const isEqual = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean =>
  a.size === b.size && [...a].every(([resource, head]) => b.get(resource) === head);

/** Ends what a fork keeps of its base, in the open transaction: what no other fork shows goes. */
export function releaseFork(tables: Tables, fork: string): void {
  const { layers, forks, snapshots } = tables;
  const snapshot = layers.of(fork);
  if (!snapshot) return;
  forks.remove(fork);
  if (layers.isUsed(snapshot, fork)) return;
  snapshots.remove(snapshot.id);
  const others = layers.snapshotsOf(snapshot.base).filter((other) => other !== snapshot);
  for (const resource of snapshot.heads.keys()) {
    const reads = others.flatMap(({ heads }) => heads.get(resource) ?? []);
    forgetHistory(tables, snapshot.base + separator + resource, reads);
  }
}

function forgetHistory(tables: Tables, space: string, reads: readonly number[]): void {
  const { floor } = tables.state(space);
  for (const { item, replacedAt, pointer } of replacedIn(tables, space, {})) {
    if (reads.some((revision) => Math.abs(pointer) <= revision && revision < replacedAt)) continue;
    tables.history.remove(historyKey(space, item, replacedAt));
    if (pointer < 0) continue;
    for (const owner of tables.load(space, item, pointer).index.owners ?? [])
      tables.pastOwners.remove(pastOwnerKey(space, owner, item, replacedAt));
    // While the log still tells of the replacement, compaction takes the state before with it.
    if (replacedAt <= floor) tables.log.remove([space, pointer]);
  }
}

/** Counts what a cluster shows, and the bytes of its own part of it. */
export function sizeOf(tables: Tables, cluster: string): Size {
  const size: Size = { objects: 0, bytes: 0 };
  const written = new Set<string>();
  for (const [resource] of ownHeads(tables, cluster)) {
    const space = cluster + separator + resource;
    written.add(resource);
    for (const [item, pointer] of tables.items(space, undefined)) {
      const { writtenIn, value } = tables.load(space, item, pointer);
      size.objects++;
      if (writtenIn === undefined) size.bytes += value.length;
    }
  }
  const snapshot = tables.layers.of(cluster);
  for (const resource of snapshot?.heads.keys() ?? [])
    if (!written.has(resource)) size.objects += countIn(tables, snapshot!, resource);
  return size;
}

const counts = new WeakMap<Snapshot, Map<string, number>>();

/** Counts the objects of a resource in a snapshot, once: they never change. */
function countIn(tables: Tables, snapshot: Snapshot, resource: string): number {
  const known = counts.get(snapshot) ?? new Map<string, number>();
  counts.set(snapshot, known);
  let count = known.get(resource);
  if (count === undefined) {
    const space = snapshot.base + separator + resource;
    count = 0;
    for (const _ of visible(tables, space, {}, snapshot.heads.get(resource))) count++;
    known.set(resource, count);
  }
  return count;
}
