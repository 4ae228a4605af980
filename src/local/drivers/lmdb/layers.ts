import { compareItems, separator } from '../../../shared/storage/log/keys.ts';
import type { Tables } from './tables.ts';

/** A logical cluster as it was when it was forked. Forks of the same moment share one. */
export interface Snapshot {
  id: number;
  base: string;
  /** By resource: the revision up to which forks read. What is not named they do not read. */
  heads: ReadonlyMap<string, number>;
}

/** A snapshot as it lies on disk. */
export interface SnapshotRecord {
  base: string;
  heads: [resource: string, revision: number][];
}

/** Describes where a fork's space goes on reading what it did not write itself. */
export interface Below {
  space: string;
  /** What was written after it does not show. */
  revision: number;
}

/**
 * Describes which clusters are forks of which moment of which base. Kept in memory beside the tables, and changed after
 * them.
 */
export class Layers {
  readonly #byFork = new Map<string, Snapshot>();
  readonly #byBase = new Map<string, Snapshot[]>();

  constructor({ snapshots, forks }: Pick<Tables, 'snapshots' | 'forks'>) {
    const byId = new Map<number, Snapshot>();
    for (const { key: id, value } of snapshots.getRange())
      byId.set(id, { id, base: value.base, heads: new Map(value.heads) });
    for (const { key: fork, value: id } of forks.getRange()) this.add(fork, byId.get(id)!);
  }

  add(fork: string, snapshot: Snapshot): void {
    this.#byFork.set(fork, snapshot);
    const known = this.snapshotsOf(snapshot.base);
    if (!known.includes(snapshot)) this.#byBase.set(snapshot.base, [...known, snapshot]);
  }

  remove(fork: string): void {
    const snapshot = this.#byFork.get(fork);
    this.#byFork.delete(fork);
    if (!snapshot || this.isUsed(snapshot)) return;
    const left = this.snapshotsOf(snapshot.base).filter((other) => other !== snapshot);
    if (left.length) this.#byBase.set(snapshot.base, left);
    else this.#byBase.delete(snapshot.base);
  }

  of(fork: string): Snapshot | undefined {
    return this.#byFork.get(fork);
  }

  snapshotsOf(base: string): readonly Snapshot[] {
    return this.#byBase.get(base) ?? [];
  }

  /** Returns whether a fork other than `except` reads the snapshot. */
  isUsed(snapshot: Snapshot, except?: string): boolean {
    for (const [fork, its] of this.#byFork) if (its === snapshot && fork !== except) return true;
    return false;
  }

  forksOf(base: string): string[] {
    if (!this.#byBase.has(base)) return [];
    const forks = [...this.#byFork].filter(([, snapshot]) => snapshot.base === base).map(([fork]) => fork);
    return forks.sort(compareItems);
  }

  /** Absent for a space of a cluster that is no fork, or that took nothing of this resource over. */
  below(space: string): Below | undefined {
    if (!this.#byFork.size) return undefined;
    const [cluster, resource] = partsOf(space);
    const snapshot = this.#byFork.get(cluster);
    const revision = snapshot?.heads.get(resource);
    return revision === undefined ? undefined : { space: snapshot!.base + separator + resource, revision };
  }

  /** The newest revision at which forks read the space; 0 when none does. */
  newestRead(space: string): number {
    if (!this.#byBase.size) return 0;
    return Math.max(0, ...this.#readsOf(space));
  }

  /** Returns whether a fork shows what was written at `from` and replaced at `to`. */
  isRead(space: string, from: number, to: number): boolean {
    if (!this.#byBase.size) return false;
    return this.#readsOf(space).some((revision) => from <= revision && revision < to);
  }

  #readsOf(space: string): number[] {
    const [cluster, resource] = partsOf(space);
    return this.snapshotsOf(cluster).flatMap(({ heads }) => heads.get(resource) ?? []);
  }
}

const partsOf = (space: string): [cluster: string, resource: string] => {
  const at = space.indexOf(separator);
  return [space.slice(0, at), space.slice(at + 1)];
};
