import { afterEach, beforeEach, describe, expect } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import type { Storage } from '../../src/shared/ports/storage.ts';
import type { Retention } from '../../src/shared/storage/log/retention.ts';
import { advances } from './storageAdvance.ts';
import { claims } from './storageClaims.ts';
import { forkHistories } from './storageForkHistories.ts';
import { forks } from './storageForks.ts';
import { histories } from './storageHistories.ts';
import { isolation } from './storageIsolation.ts';
import { lists } from './storageLists.ts';
import { ownership } from './storageOwned.ts';
import { watches } from './storageWatches.ts';
import { writes } from './storageWrites.ts';

export interface OpenOptions {
  clock: ManualClock;
  retention?: Partial<Retention>;
  /** Changes a watch may lag before it reads from the log again. */
  queueLimit?: number;
}

/** An empty storage; whoever opens it closes it. */
export type Open = (options: OpenOptions) => Promise<Storage>;

/** Closes a storage and opens the same data again; one that keeps nothing is answered as it is. */
export type Restart = (storage: Storage, options: OpenOptions) => Promise<Storage>;

/** What a group of tests gets: a fresh storage for each test, all closed at its end. */
export interface Subject {
  readonly storage: Storage;
  readonly clock: ManualClock;
  open(options?: Partial<OpenOptions>): Promise<Storage>;
  /** With the options that it was opened with. */
  restart(storage: Storage): Promise<Storage>;
  /** Expects a revision after writes, of which some may have been refused. */
  expectRevision(actual: string, withoutRefused: number, refused: number): void;
  /** Each resource of a cluster that comes back goes on from where it ended itself. */
  skips: boolean;
  /** Revisions that so many refused writes may have taken: none, unless the driver says what it reserves. */
  spentBy(refused: number): number;
}

/** What a driver may do otherwise than others. */
interface Traits {
  restart?: Restart;
  /** A refused write takes a revision, which no change ever has. */
  spendsRefused?: boolean;
  /** Each resource of a cluster that comes back goes on from where it ended itself, not all from the highest of them. */
  skips?: boolean;
}

/** The definition of the storage port: every driver passes it. */
export function storageContract(
  name: string,
  open: Open,
  { restart = async (storage) => storage, spendsRefused = false, skips = false }: Traits = {},
): void {
  describe(`${name} storage`, () => {
    let opened: Map<Storage, OpenOptions>;
    const subject = { clock: new ManualClock() } as { clock: ManualClock; storage: Storage } & Subject;
    subject.open = async (options) => {
      const all = { clock: subject.clock, ...options };
      const storage = await open(all);
      opened.set(storage, all);
      return storage;
    };
    subject.restart = async (storage) => {
      const options = opened.get(storage)!;
      const again = await restart(storage, options);
      opened.delete(storage);
      opened.set(again, options);
      return again;
    };
    subject.skips = skips;
    subject.spentBy = (refused) => (spendsRefused ? refused : 0);
    subject.expectRevision = (actual, withoutRefused, refused) => {
      expect(Number(actual)).toBeGreaterThanOrEqual(withoutRefused);
      expect(Number(actual)).toBeLessThanOrEqual(withoutRefused + subject.spentBy(refused));
    };
    beforeEach(async () => {
      opened = new Map();
      subject.clock = new ManualClock();
      subject.storage = await subject.open();
    });
    afterEach(() => Promise.all([...opened.keys()].map((storage) => storage.close())));

    describe('writes', () => writes(subject));
    describe('lists', () => lists(subject));
    describe('owners', () => ownership(subject));
    describe('claims', () => claims(subject));
    describe('watches', () => watches(subject));
    describe('revisions with no change', () => advances(subject));
    describe('isolation and life cycle', () => isolation(subject));
    describe('histories', () => histories(subject));
    describe('forks', () => forks(subject));
    describe('histories of forks', () => forkHistories(subject));
  });
}
