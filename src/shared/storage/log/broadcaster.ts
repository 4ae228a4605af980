import type { Clock } from '../../clock/clock.ts';
import type { ApiError } from '../../errors/apiError.ts';
import type { Change, Progress, WatchScope } from '../../ports/storage.ts';
import { unknownRevision } from './errors.ts';
import { spaceOf } from './keys.ts';
import { parseRevision } from './revision.ts';
import { Subscriber } from './subscriber.ts';

/** The published part of a driver's change log. */
export interface ChangeLog {
  /** The newest published revision of the space. */
  head(space: string): number;
  /** The oldest at most `limit` published changes after `after`. Throws Expired when some of them are gone. */
  read(space: string, after: number, limit: number): Change[];
}

export interface BroadcasterOptions {
  log: ChangeLog;
  clock: Clock;
  /** Changes a watch may lag before it reads from the log again. */
  queueLimit?: number;
}

/** Half a minute: a watch that falls quiet right after a tick still hears within the minute. */
const progressMs = 30_000;
const chunk = 500;

/** Tells watches what was written: live through bounded queues, and from the log whenever one is behind. */
export class Broadcaster {
  readonly #log: ChangeLog;
  readonly #clock: Clock;
  readonly #queueLimit: number;
  readonly #spaces = new Map<string, Set<Subscriber>>();
  readonly #closing = new AbortController();
  #ticking = false;

  constructor({ log, clock, queueLimit = 1_000 }: BroadcasterOptions) {
    this.#log = log;
    this.#clock = clock;
    this.#queueLimit = queueLimit;
  }

  /** Changes of one space, in order, each once, as soon as the log holds them. */
  publish(space: string, changes: readonly Change[]): void {
    const last = changes.at(-1);
    const subscribers = this.#spaces.get(space);
    if (!last || !subscribers) return;
    const head = Number(last.object.revision);
    for (const subscriber of subscribers) {
      // A watch that has just caught up may have read these changes from the log already.
      if (subscriber.behind || subscriber.position >= head) continue;
      if (subscriber.size + changes.length > this.#queueLimit) {
        subscriber.behind = true;
        continue;
      }
      for (const change of changes) if (subscriber.matches(change)) subscriber.push(change);
      subscriber.position = head;
    }
  }

  /** Says that nothing has changed up to `revision` since the last publication: watches tell of it as progress. */
  pass(space: string, revision: number): void {
    for (const subscriber of this.#spaces.get(space) ?? [])
      if (!subscriber.behind) subscriber.position = Math.max(subscriber.position, revision);
  }

  /** As Storage.watch. */
  async *watch(scope: WatchScope, since: string, signal: AbortSignal): AsyncIterable<Change | Progress> {
    const subscriber = new Subscriber(scope, parseRevision(since));
    const wake = () => subscriber.wake();
    signal.addEventListener('abort', wake);
    this.#add(subscriber);
    try {
      while (!signal.aborted) {
        if (subscriber.end?.error) throw subscriber.end.error;
        if (subscriber.end) return;
        const change = subscriber.shift();
        if (change) yield change;
        else if (subscriber.behind) this.#catchUp(subscriber);
        else if (subscriber.progressDue) {
          subscriber.progressDue = false;
          yield { type: 'progress', revision: String(subscriber.position) };
        } else await subscriber.wait();
      }
    } finally {
      signal.removeEventListener('abort', wake);
      this.#remove(subscriber);
    }
  }

  /** Ends the watches of a logical cluster with an error. */
  end(cluster: string, error: ApiError): void {
    for (const subscribers of this.#spaces.values())
      for (const s of subscribers) if (s.scope.cluster === cluster) s.finish(error);
  }

  /** Ends every watch without error. */
  close(): void {
    this.#closing.abort();
    for (const subscribers of this.#spaces.values()) for (const s of subscribers) s.finish();
  }

  /** Reads on from the log; a watch that has reached the head takes live changes from this very moment. */
  #catchUp(subscriber: Subscriber): void {
    const space = spaceOf(subscriber.scope);
    const head = this.#log.head(space);
    if (subscriber.position > head) throw unknownRevision(subscriber.position, head);
    const changes = this.#log.read(space, subscriber.position, chunk);
    const last = changes.at(-1);
    if (last) {
      for (const change of changes) if (subscriber.matches(change)) subscriber.push(change);
      subscriber.position = Number(last.object.revision);
    } else {
      subscriber.position = head;
      subscriber.behind = false;
      subscriber.progressDue = true;
    }
  }

  #add(subscriber: Subscriber): void {
    if (this.#closing.signal.aborted) subscriber.finish();
    const space = spaceOf(subscriber.scope);
    const subscribers = this.#spaces.get(space) ?? new Set();
    this.#spaces.set(space, subscribers.add(subscriber));
    if (!this.#ticking) void this.#tick();
  }

  #remove(subscriber: Subscriber): void {
    const space = spaceOf(subscriber.scope);
    const subscribers = this.#spaces.get(space);
    if (subscribers?.delete(subscriber) && subscribers.size === 0) this.#spaces.delete(space);
  }

  async #tick(): Promise<void> {
    this.#ticking = true;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await this.#clock.sleep(progressMs, signal);
      for (const subscribers of this.#spaces.values()) for (const s of subscribers) s.tick();
    }
  }
}
