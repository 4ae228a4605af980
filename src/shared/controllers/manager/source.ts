import { isReason } from '../../errors/apiError.ts';
import { type Resource, resourceName } from '../../kinds/kind.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Change, Storage, Stored } from '../../ports/storage.ts';
import type { Watch } from '../controller.ts';

/** Describes where informers read from: a snapshot, then every change after it. */
export interface ObjectSource {
  /**
   * Begins with one `snapshot`, then changes in order until `signal` aborts. A source that lost its place begins
   * again with a snapshot.
   */
  listWatch(cluster: string, resource: Resource, signal: AbortSignal): AsyncIterable<SourceEvent>;
}

/**
 * Is what an informer is told: all objects at one revision first, then each change, and from time to time how far the
 * source has got.
 */
export type SourceEvent =
  | { type: 'snapshot'; items: SourceItem[]; revision: number }
  | { type: 'put' | 'delete'; item: SourceItem }
  | { type: 'progress'; revision: number };

/** An object not yet parsed: what an informer already knows, or does not need, is never parsed. */
export interface SourceItem {
  namespace: string;
  name: string;
  revision: number;
  /** Has owner references, a deletion timestamp or finalizers: what a lean watch keeps. */
  notable(): boolean;
  /** Has this text in its JSON. */
  holds(text: string): boolean;
  parse(): KubeObject;
}

/** Reads the storage directly, so that a change costs one parse and no HTTP. */
export const storageSource = (storage: Pick<Storage, 'list' | 'watch'>): ObjectSource => ({
  async *listWatch(cluster, resource, signal) {
    const scope = { cluster, resource: resourceName(resource) };
    while (!signal.aborted) {
      const listing = await storage.list(scope);
      yield {
        type: 'snapshot',
        items: listing.items.map((stored) => itemOf(stored, resource.abridged)),
        revision: Number(listing.revision),
      };
      try {
        for await (const change of storage.watch(scope, listing.revision, signal))
          yield eventOf(change, resource.abridged);
        if (!signal.aborted) throw new Error('the watch ended by itself');
      } catch (error) {
        if (!isReason(error, 'Expired')) throw error;
      }
    }
  },
});

const eventOf = (
  change: Change | { type: 'progress'; revision: string },
  abridged: Abridge | undefined,
): SourceEvent =>
  change.type === 'progress'
    ? { type: 'progress', revision: Number(change.revision) }
    : { type: change.type, item: itemOf(change.object, abridged) };

const deletion = Buffer.from('"deletionTimestamp"');

/** Wraps a stored object for an informer. managedFields, which no controller reads, are dropped when it is parsed. */
export const itemOf = ({ key, revision, value, index }: Stored, abridged?: Abridge): SourceItem => ({
  namespace: key.namespace,
  name: key.name,
  revision: Number(revision),
  notable: () => !!index.owners?.length || bytesOf(value).includes(deletion),
  holds: (text) => bytesOf(value).includes(text),
  parse: () => unmanaged(JSON.parse(textOf(value, abridged)) as KubeObject),
});

const bytesOf = (value: Uint8Array) => Buffer.from(value.buffer, value.byteOffset, value.byteLength);

/** Returns whether a watch is to be told of an object that is there. */
export const isWatched = (
  { lean, named, holding }: Pick<Watch, 'lean' | 'named' | 'holding'>,
  item: SourceItem,
): boolean =>
  !lean || named === item.name || (holding !== undefined && item.holds(holding)) || item.notable();

type Abridge = NonNullable<Resource['abridged']>;

const textOf = (value: Uint8Array, abridged: Abridge = (text) => text): string =>
  abridged(decoder.decode(value));

/** No controller asks who owns which field, and what caches hold of it would be a third of them. */
export function unmanaged<T extends KubeObject>(object: T): T {
  delete object.metadata.managedFields;
  return object;
}

const decoder = new TextDecoder();
