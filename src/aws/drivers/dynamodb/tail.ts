import { ApiError } from '../../../shared/errors/apiError.ts';
import type { Stored } from '../../../shared/ports/storage.ts';
import { dropped, tooOld } from '../../../shared/storage/log/errors.ts';
import { mayForget, type Retention } from '../../../shared/storage/log/retention.ts';
import type { Heads } from './heads.ts';
import { locate } from './locate.ts';
import { commitMs, type Timings } from './options.ts';
import { type Entry, entryAttributes } from './records.ts';
import type { Table } from './table.ts';

const recentEntries = 500;
/** Writers of releases before heads.ts say nothing: during an upgrade their writes show so late at the latest. */
const unsaidMs = 600_000;

/**
 * The contiguous head of one space's log as this process knows it: every revision up to `position` has its entry or
 * will never have one. A crashed writer leaves a hole; a reader goes past it only after it has written a tombstone
 * there, which makes the writer's transaction fail should it come late.
 */
export class Tail {
  position = 0;
  readonly #space: string;
  readonly #table: Table;
  readonly #timings: Timings;
  readonly #retention: Retention;
  /** Absent: nobody says what is reserved here. */
  readonly #heads: Heads | undefined;
  /** Says when the head was found without reading what is before it. */
  #foundAt = Number.NEGATIVE_INFINITY;
  /** Says when the log itself was read last. */
  #readAt = Number.NEGATIVE_INFINITY;
  /** Says when nothing after `position` can have been removed by TTL yet. */
  #freshAt = Number.NEGATIVE_INFINITY;
  /** The newest entries, contiguous up to `position`. */
  #recent: Entry[] = [];
  #running: Promise<unknown> = Promise.resolve();
  #next: Promise<boolean> | undefined;
  /** A revision that was said to be reserved, and when this process heard of it: nothing may ever be written after it. */
  #awaited = { revision: 0, at: 0 };
  readonly #sleepers = new Set<AbortController>();

  constructor(space: string, table: Table, timings: Timings, retention: Retention, heads: Heads) {
    this.#heads = heads.isKept(space) ? heads : undefined;
    this.#space = space;
    this.#table = table;
    this.#timings = timings;
    this.#retention = retention;
  }

  get isFollowed(): boolean {
    return this.#readAt > Number.NEGATIVE_INFINITY;
  }

  /** What was before is over since lately, as far as this process has read: a drop, or the beginning of a fork. */
  get hasTurned(): boolean {
    return this.#recent.some(endsAll);
  }

  /** Reads on from a moment after the call. False: a younger hole is in the way. Callers share reads. */
  async advance(): Promise<boolean> {
    return (await this.#isQuiet()) || this.#readOn();
  }

  #readOn(): Promise<boolean> {
    if (this.#next) return this.#next;
    const next = this.#running.then(() => {
      this.#next = undefined;
      return this.#pass();
    });
    this.#running = next.catch(() => {});
    this.#next = next;
    return next;
  }

  /** The contiguous head, at or after everything that was visible at the call; waits for holes. */
  async settle(atLeast = 0): Promise<number> {
    let whole = await this.advance();
    while (!whole || this.position < atLeast) {
      await this.#table.clock.sleep(this.#timings.holePollMs);
      // The log itself: of what a writer of an earlier release wrote, nobody has said anything.
      whole = await this.#readOn();
    }
    return this.position;
  }

  /** Has every revision up to `revision` written or given up for good, reserved ones of which nobody has heard too. */
  async close(revision: number): Promise<void> {
    const began = this.#table.clock.now();
    for (;;) {
      await this.#readOn();
      if (this.position >= revision) return;
      if (await this.#fill({ revision: revision + 1, at: began })) return;
      await this.#table.clock.sleep(this.#timings.holePollMs);
    }
  }

  /** At most `limit` entries after `after`, contiguous. Throws Expired when the retention does not ask for them. */
  async read(after: number, limit?: number): Promise<Entry[]> {
    const { position } = this;
    const entries = await this.replay(after, limit);
    if (entries[0] && mayForget(this.#retention, position - after, entries[0].at, this.#table.clock.now()))
      throw tooOld(after, entries[0].revision);
    return entries;
  }

  /** The same as long as the table has them. Throws Expired when some are gone. */
  async replay(after: number, limit = Number.POSITIVE_INFINITY): Promise<Entry[]> {
    const { position } = this;
    if (after >= position) return [];
    const to = Math.min(position, after + limit);
    const first = this.#recent[0]?.revision ?? Number.POSITIVE_INFINITY;
    const entries =
      first <= after + 1
        ? this.#recent.slice(after + 1 - first, to + 1 - first)
        : await this.#table.entries(this.#space, after + 1, to);
    if (entries.some(endsAll)) throw dropped(this.#space.slice(0, this.#space.indexOf('\x1f')));
    if (entries.length < to - after) throw tooOld(after, entries[0]?.revision ?? position);
    return entries;
  }

  /** A revision at or before the first entry at hand that was written after `at`; costs no request. */
  before(at: number): number {
    const dropped = this.#recent.findLastIndex(endsAll);
    const first = this.#recent.findIndex((entry, i) => i > dropped && entry.at >= at);
    return first < 0 ? this.position : this.#recent[first]!.revision - 1;
  }

  /** True when the entries after `since`, all of them at hand, tell nothing of the item. */
  isSilentOn(item: string, since: number): boolean {
    if (since >= this.position) return true;
    const first = this.#recent[0]?.revision ?? Number.POSITIVE_INFINITY;
    return first <= since + 1 && !this.#recent.some((e) => e.revision > since && isAbout(e, item));
  }

  /**
   * False when a state that was just read may be older than what the log tells: a transaction may become visible item by
   * item, and what it says of entries that this process has not read is not known.
   */
  bearsOut(item: string, read: Stored | undefined): boolean {
    if (this.#table.clock.now() - this.#foundAt < commitMs) return false;
    const last = this.#recent.findLast((entry) => isAbout(entry, item));
    // A fork has from its base what is older than its beginning.
    if (!last || last.type === 'begin' || Number(read?.revision ?? 0) >= last.revision) return true;
    return !read && last.change?.type !== 'put';
  }

  /** Wakes all readers that wait for new entries. */
  wake(): void {
    for (const sleeper of this.#sleepers) sleeper.abort();
  }

  /** From now until `done()`, a wake ends the sleep, even one that begins later. */
  sleeper(signal: AbortSignal): { sleep(ms: number): Promise<void>; done(): void } {
    const woken = new AbortController();
    const abort = () => woken.abort();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    this.#sleepers.add(woken);
    return {
      sleep: (ms) => this.#table.clock.sleep(ms, woken.signal),
      done: () => {
        signal.removeEventListener('abort', abort);
        this.#sleepers.delete(woken);
      },
    };
  }

  async #pass(): Promise<boolean> {
    const start = this.#table.clock.now();
    if (start - this.#freshAt > this.#timings.graceMs && !(await this.#relocate())) return false;
    for (const entry of await this.#table.entries(this.#space, this.position + 1)) {
      const isNext = entry.revision <= this.position + 1 || entry.type === 'begin';
      if (!isNext && !(await this.#fill(entry))) return false;
      this.#accept(entry);
    }
    const { revision, at } = this.#awaited;
    if (revision > this.position && start - at > this.#timings.graceMs)
      await this.#fill({ revision: revision + 1, at });
    this.#freshAt = start;
    this.#readAt = start;
    return true;
  }

  /** True when no revision has been reserved since the log was read: it has nothing new. */
  async #isQuiet(): Promise<boolean> {
    const now = this.#table.clock.now();
    if (!this.#heads || now - this.#readAt >= unsaidMs) return false;
    const reserved = await this.#heads.reserved(this.#space);
    if (reserved > this.position) {
      if (this.#awaited.revision <= this.position) this.#awaited = { revision: reserved, at: now };
      return false;
    }
    this.#freshAt = Math.max(now, this.#freshAt);
    return true;
  }

  /** Tombstones for every revision before `entry`; false when it is too early, or when a writer was faster. */
  async #fill(entry: Pick<Entry, 'revision' | 'at'>): Promise<boolean> {
    const now = this.#table.clock.now();
    if (now - entry.at < this.#timings.holeMs) return false;
    const expires = expiryOf(now, this.#retention, this.#timings);
    for (let revision = this.position + 1; revision < entry.revision; revision++) {
      const times = { at: now, expires };
      if (!(await this.#table.putNew(entryAttributes(this.#space, revision, 'none', times)))) return false;
      this.#accept({ revision, type: 'none', at: now, settled: 0, item: '' });
    }
    return true;
  }

  #accept(entry: Entry): void {
    // What is before a beginning need not be there.
    if (entry.type === 'begin') this.#recent = [];
    this.position = entry.revision;
    this.#recent.push(entry);
    if (this.#recent.length > 2 * recentEntries) this.#recent = this.#recent.slice(-recentEntries);
  }

  /** Finds the head anew after a long silence, in which the log may have lost entries by TTL. */
  async #relocate(): Promise<boolean> {
    const now = this.#table.clock.now();
    const keptMs = this.#retention.keepMs + this.#timings.ttlMarginMs;
    const found = await locate(this.#table, this.#space, now, { ...this.#timings, keptMs });
    if ('retryAfterMs' in found) {
      if (found.retryAfterMs > this.#timings.graceMs - this.#timings.holeMs) return false;
      throw new ApiError('ServiceUnavailable', 'the newest revision is not known yet', {
        details: { retryAfterSeconds: Math.ceil(found.retryAfterMs / 1_000) },
      });
    }
    if (found.head > this.position) {
      this.position = found.head;
      this.#recent = [];
      this.#foundAt = now;
    }
    this.#freshAt = now;
    return true;
  }
}

/** What was before is over. */
const endsAll = ({ type }: Entry): boolean => type === 'drop' || type === 'begin';

/** What ends all is about every item. */
const isAbout = (entry: Entry, item: string): boolean => endsAll(entry) || entry.item === item;

/** Seconds since the epoch at which DynamoDB may remove a log entry written at `at`. */
export const expiryOf = (at: number, retention: Retention, { ttlMarginMs }: Timings): number =>
  Math.ceil((at + retention.keepMs + ttlMarginMs) / 1_000);
