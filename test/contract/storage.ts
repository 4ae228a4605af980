import { afterEach, beforeEach, describe } from '@jest/globals';
import { ManualClock } from '../../src/shared/clock/manualClock.ts';
import type { Storage } from '../../src/shared/ports/storage.ts';
import type { Retention } from '../../src/shared/storage/log/retention.ts';
import { claims } from './storageClaims.ts';
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

/** What a group of tests gets: a fresh storage for each test, all closed at its end. */
export interface Subject {
  readonly storage: Storage;
  readonly clock: ManualClock;
  open(options?: Partial<OpenOptions>): Promise<Storage>;
}

/** The definition of the storage port: every driver passes it. */
export function storageContract(name: string, open: Open): void {
  describe(`${name} storage`, () => {
    let opened: Storage[];
    const subject = { clock: new ManualClock() } as { clock: ManualClock; storage: Storage } & Subject;
    subject.open = async (options) => {
      const storage = await open({ clock: subject.clock, ...options });
      opened.push(storage);
      return storage;
    };
    beforeEach(async () => {
      opened = [];
      subject.clock = new ManualClock();
      subject.storage = await subject.open();
    });
    afterEach(() => Promise.all(opened.map((storage) => storage.close())));

    describe('writes', () => writes(subject));
    describe('lists', () => lists(subject));
    describe('owners', () => ownership(subject));
    describe('claims', () => claims(subject));
    describe('watches', () => watches(subject));
    describe('isolation and life cycle', () => isolation(subject));
    describe('histories', () => histories(subject));
  });
}
