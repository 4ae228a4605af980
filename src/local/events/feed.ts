import { isTemplate } from '../../shared/api/http/target.ts';
import type { Clock } from '../../shared/clock/clock.ts';
import { isReason } from '../../shared/errors/apiError.ts';
import { isTold, newsOf } from '../../shared/events/objectEvent.ts';
import type { EventRule } from '../../shared/events/rules.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { NewEvent, Places } from '../../shared/ports/outbox.ts';
import type { Change, Key, Storage, WatchScope } from '../../shared/ports/storage.ts';
import { TooOld } from '../../shared/storage/log/errors.ts';
import { keyOf, spaceOf } from '../../shared/storage/log/keys.ts';
import { firstRevision as neverWritten } from '../../shared/storage/log/revision.ts';

/** Describes what the feed needs. */
export interface FeedOptions {
  storage: Pick<Storage, 'watch' | 'list' | 'heads'>;
  rules: readonly EventRule[];
  /** Names this control plane in events. */
  deployment: string;
  /** Where it stands, by space; moved on as it reads. */
  places: Map<string, string>;
  /** Takes events up, in their order, and moves places with them. Never rejects. */
  append(events: readonly NewEvent[], places: Places): Promise<void>;
  clock: Clock;
  log: Logger;
}

const encoder = new TextEncoder();
/** Events that are written down in one step; fewer when they are large. */
const atOnce = 200;
const mostBytes = 8 * 2 ** 20;
/** Milliseconds after which places are written down of which nothing was told. */
const keepEveryMs = 10_000;
/** Stands among the places once it was known where each space was when the rules first served. */
const begun = 'begun';
/** The resource of the objects that logical clusters are. */
export const clustersResource = 'logicalclusters.shallop.dev';

/**
 * Reads what is written to the storage, and takes up what the rules ask for. Writers only leave a mark; who reads is a step
 * behind, by the storage's own log, so that what was acknowledged is told whatever becomes of the process.
 */
export class Feed {
  readonly #options: FeedOptions;
  /** Spaces with something to read. */
  #marked = new Set<string>();
  /** Places that have moved, and that the outbox does not know yet. */
  #moved = new Map<string, string | undefined>();
  #events: NewEvent[] = [];
  /** Of the texts of these events. */
  #bytes = 0;
  #flushing: Promise<void> = Promise.resolve();
  readonly #closing = new AbortController();
  #wake: () => void = () => {};
  #running: Promise<unknown> = Promise.resolve();

  constructor(options: FeedOptions) {
    this.#options = options;
  }

  /** Notes that an object was written. Costs its caller nothing more than that. */
  noticed({ cluster, resource }: Key): void {
    if (!isTold(resource) || isTemplate(cluster)) return;
    this.#marked.add(spaceOf({ cluster, resource }));
    this.#wake();
  }

  /** Finds what was written while nobody read, in these logical clusters. From then on it follows. */
  async start(clusters: readonly string[]): Promise<void> {
    const { places, storage } = this.#options;
    const isFirst = !places.has(begun);
    const known = new Set(clusters);
    for (const space of places.keys())
      if (space !== begun && !known.has(clusterOf(space))) this.#move(space, undefined);
    for (const cluster of clusters)
      for (const [resource, head] of await storage.heads(cluster)) {
        const space = spaceOf({ cluster, resource });
        if (!isTold(resource) || places.get(space) === head) continue;
        if (isFirst) this.#move(space, head);
        else this.#marked.add(space);
      }
    if (isFirst) this.#move(begun, '1');
    await this.#flush();
    this.#running = Promise.all([this.#follow(), this.#keep()]);
  }

  async stop(): Promise<void> {
    this.#closing.abort();
    this.#wake();
    await this.#running;
    await this.#flush();
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      if (this.#marked.size === 0)
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
          if (signal.aborted) resolve();
        });
      const marked = this.#marked;
      this.#marked = new Set();
      for (const space of marked) {
        if (signal.aborted) break;
        const since = this.#options.places.get(space) ?? firstRevision;
        await this.#read(space, since).catch((error: unknown) => this.#later(space, error));
      }
      if (this.#events.length > 0) await this.#flush();
    }
  }

  /** So that not much is read again after a kill. */
  async #keep(): Promise<void> {
    const { clock } = this.#options;
    const { signal } = this.#closing;
    while (!signal.aborted) {
      await clock.sleep(keepEveryMs, signal);
      if (this.#moved.size > 0 && !signal.aborted && this.#events.length === 0) await this.#flush();
    }
  }

  async #read(space: string, since: string): Promise<void> {
    const { storage } = this.#options;
    const { cluster, resource } = keyOf(space, '');
    try {
      for await (const change of storage.watch({ cluster, resource }, since, this.#closing.signal)) {
        if (change.type === 'progress') {
          this.#move(space, change.revision);
          return;
        }
        this.#take(change);
        this.#move(space, change.object.revision);
        if (this.#isFull()) await this.#flush();
      }
    } catch (error) {
      // Where a logical cluster goes on from another, or from an earlier one of its name, its first revision is a later one.
      if (error instanceof TooOld && since === firstRevision && !this.#options.places.has(space))
        return this.#read(space, String(error.oldest));
      if (isReason(error, 'Expired')) return this.#catchUp({ cluster, resource }, since);
      throw error;
    }
  }

  /** Whatever it was, it may pass. */
  async #later(space: string, error: unknown): Promise<void> {
    const { clock, log } = this.#options;
    const { cluster, resource } = keyOf(space, '');
    log.error('changes could not be read', { cluster, resource, error });
    this.#marked.add(space);
    await clock.sleep(1_000, this.#closing.signal);
  }

  /** The log does not reach back so far: what there is now is told as it is, of deletions nobody knows any more. */
  async #catchUp(scope: WatchScope, since: string): Promise<void> {
    const { storage, log, clock } = this.#options;
    log.warn('changes are too old to be told one by one', { ...scope, since });
    let page = await storage.list(scope, { limit: atOnce });
    for (;;) {
      for (const object of page.items) {
        if (Number(object.revision) > Number(since) && !object.writtenIn)
          this.#take({ type: 'put', object, previous: object, at: clock.now() });
        if (this.#isFull()) await this.#flush();
      }
      await this.#flush();
      if (!page.cursor) break;
      page = await storage.list(scope, { limit: atOnce, cursor: page.cursor });
    }
    this.#move(spaceOf(scope), page.revision);
  }

  #take(change: Change): void {
    const { rules, deployment, log } = this.#options;
    const { key } = change.object;
    try {
      const news = newsOf(change, deployment);
      if (!news) return;
      const { source, subject, id } = news.event.detail;
      let text: Uint8Array | undefined;
      for (const { name, pattern, targets } of rules) {
        if (!pattern.matches(news.event)) continue;
        text ??= encoder.encode(news.text());
        const since = this.#options.clock.now();
        this.#bytes += text.length * targets.length;
        for (const target of targets)
          this.#events.push({
            to: `${name}/${target.name}`,
            object: source + subject,
            id,
            source,
            since,
            text,
          });
      }
    } catch (error) {
      log.error('a change could not be told', { ...key, error });
    }
    if (change.type === 'delete' && key.resource === clustersResource) this.#forget(key.name);
  }

  #isFull(): boolean {
    return this.#events.length >= atOnce || this.#bytes >= mostBytes;
  }

  #forget(cluster: string): void {
    for (const space of this.#options.places.keys())
      if (clusterOf(space) === cluster) this.#move(space, undefined);
  }

  #move(space: string, place: string | undefined): void {
    const { places } = this.#options;
    if (places.get(space) === place) return;
    if (place === undefined) places.delete(space);
    else places.set(space, place);
    this.#moved.set(space, place);
  }

  /** One after another: else an earlier place could be written down after a later one. */
  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const [events, moved] = [this.#events, this.#moved];
    this.#events = [];
    this.#bytes = 0;
    this.#moved = new Map();
    if (events.length > 0 || moved.size > 0) await this.#options.append(events, moved);
  }
}

/** Is the revision of most spaces before anything is in them. */
const firstRevision = String(neverWritten);

const clusterOf = (space: string): string => keyOf(space, '').cluster;
