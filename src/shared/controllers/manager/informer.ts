import type { Clock } from '../../clock/clock.ts';
import type { Resource } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Logger } from '../../observability/logger.ts';
import { Backoff } from './backoff.ts';
import { Cache } from './cache.ts';
import { type ObjectSource, type SourceEvent, type SourceItem, unmanaged } from './source.ts';

/** Told of every change after the cache has it. `old` is what was told before; absent for a new object. */
export type ChangeHandler = (object: KubeObject, old: KubeObject | undefined, deleted: boolean) => void;

/** Is what the informers of one logical cluster share. */
export interface InformerDeps {
  source: ObjectSource;
  clock: Clock;
  log: Logger;
  cluster: string;
}

/** Keeps one resource's cache in step with its source and tells handlers what changed. */
export class Informer {
  readonly cache = new Cache();
  readonly resource: Resource;
  /** Keeps only notable objects; reads of the others must go to the API. */
  lean = true;
  /** Names of objects that are kept although the informer is lean. */
  readonly named = new Set<string>();
  /** Texts of which one makes an object be kept although the informer is lean. */
  readonly holding = new Set<string>();
  /** It began when work had, and its first snapshot is still to come: the cache has less than there is. */
  isBehind = false;
  readonly #deps: InformerDeps;
  #handlers: ChangeHandler[] = [];
  #listeners: (() => void)[] = [];
  #revision = 0;
  /** What handlers know of objects of which more is assumed. */
  readonly #told = new WeakMap<KubeObject, KubeObject>();
  #synced = Promise.withResolvers<void>();

  constructor(resource: Resource, deps: InformerDeps) {
    this.resource = resource;
    this.#deps = deps;
  }

  onChange(handler: ChangeHandler): void {
    this.#handlers.push(handler);
  }

  /** Told that something has changed, whether or not the informer keeps it. */
  onAnything(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** Resolves once the first snapshot is in the cache. */
  get synced(): Promise<void> {
    return this.#synced.promise;
  }

  /** Follows the source until `signal` aborts; a source that fails is asked again, ever more patiently. */
  async run(signal: AbortSignal): Promise<void> {
    const { source, clock, log, cluster } = this.#deps;
    const backoff = new Backoff(50, 30_000);
    while (!signal.aborted) {
      try {
        for await (const event of source.listWatch(cluster, this.resource, signal)) {
          this.#take(event);
          backoff.forget('');
        }
      } catch (error) {
        if (signal.aborted) return;
        log.warn('watch failed, listing again', { cluster, resource: this.resource.plural, error });
        await clock.sleep(backoff.next(''), signal);
      }
    }
  }

  /** The outcome of a write through the cached client: so that the next read is not older than the write. */
  wrote(object: KubeObject): void {
    const revision = Number(object.metadata.resourceVersion);
    if (this.lean || !(revision > this.#revision)) return;
    this.#put(unmanaged(object), revision);
  }

  /**
   * Takes in what a write without an answer led to: assumed until the source says more, so that it is not done again.
   */
  assume(namespace: string, name: string, change: (known: KubeObject) => KubeObject): void {
    const known = this.cache.get(namespace, name);
    if (this.lean || !known) return;
    const assumed = change(known);
    if (assumed !== known) this.#told.set(assumed, this.#told.get(known) ?? known);
    this.cache.put(assumed);
  }

  /** Tells the handlers of every object again. */
  resync(): void {
    for (const object of this.cache.list()) this.#tell(object, object, false);
  }

  #take(event: SourceEvent): void {
    switch (event.type) {
      case 'snapshot':
        this.#replace(event.items, event.revision);
        this.isBehind = false;
        this.#synced.resolve();
        break;
      case 'put':
        this.#revision = event.item.revision;
        this.#offer(event.item);
        break;
      case 'delete':
        this.#revision = event.item.revision;
        this.#remove(event.item);
        break;
      case 'progress':
        this.#revision = Math.max(this.#revision, event.revision);
        return;
    }
    for (const listener of this.#listeners) listener();
  }

  #offer(item: SourceItem): void {
    if (this.lean && !this.#isKept(item)) {
      this.cache.remove(item.namespace, item.name, item.revision);
      return;
    }
    const known = this.cache.get(item.namespace, item.name);
    if (known && isDecided(known, item.revision)) return;
    this.#put(item.parse(), item.revision);
  }

  #isKept(item: SourceItem): boolean {
    if (this.named.has(item.name) || item.notable()) return true;
    return [...this.holding].some((text) => item.holds(text));
  }

  #put(object: KubeObject, revision: number): void {
    const known = this.cache.get(object.metadata.namespace ?? '', object.metadata.name ?? '');
    if (known && Number(known.metadata.resourceVersion) > revision) return;
    const replaced = known && known.metadata.uid !== object.metadata.uid ? known : undefined;
    if (replaced) {
      this.cache.remove(replaced.metadata.namespace ?? '', replaced.metadata.name ?? '', revision);
      this.#tell(replaced, undefined, true);
    }
    this.cache.put(object);
    this.#tell(object, replaced ? undefined : known && (this.#told.get(known) ?? known), false);
  }

  #remove(item: SourceItem): void {
    const known = this.cache.get(item.namespace, item.name);
    // Written again since: the deletion was of a predecessor.
    if (known && Number(known.metadata.resourceVersion) > item.revision) return;
    const last = item.parse();
    this.cache.remove(item.namespace, item.name, item.revision);
    if (known && known.metadata.uid !== last.metadata.uid) this.#tell(known, undefined, true);
    this.#tell(last, undefined, true);
  }

  #replace(items: SourceItem[], revision: number): void {
    const present = new Set(items.map(({ namespace, name }) => `${namespace}/${name}`));
    const gone = this.cache
      .list()
      .filter(({ metadata: m }) => !present.has(`${m.namespace ?? ''}/${m.name}`))
      .filter(({ metadata: m }) => Number(m.resourceVersion) <= revision);
    this.#revision = revision;
    for (const object of gone) {
      this.cache.remove(object.metadata.namespace ?? '', object.metadata.name ?? '', revision);
      this.#tell(object, undefined, true);
    }
    for (const item of items) this.#offer(item);
  }

  #tell(object: KubeObject, old: KubeObject | undefined, deleted: boolean): void {
    for (const handler of this.#handlers) handler(object, old, deleted);
  }
}

const isDecided = (known: KubeObject, revision: number) => Number(known.metadata.resourceVersion) >= revision;
