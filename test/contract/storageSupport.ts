import type {
  Build,
  Change,
  Key,
  Progress,
  Storage,
  Stored,
  WatchScope,
} from '../../src/shared/ports/storage.ts';

export const pods = { cluster: 'default', resource: 'pods' };

/** `ns/name` as a key of pods in the default cluster. */
export function key(path: string, part: Partial<Key> = {}): Key {
  const [namespace = '', name = ''] = path.split('/');
  return { ...pods, namespace, name, ...part };
}

/** Bytes that carry their revision, as real objects do. */
export const build =
  (text = ''): Build =>
  (revision) =>
    Buffer.from(JSON.stringify({ revision, text }));

export const text = (stored: Stored | undefined): string | undefined =>
  stored && JSON.parse(Buffer.from(stored.value).toString()).text;

export const path = ({ key }: Stored): string => `${key.namespace}/${key.name}`;

/** `put a/x 3`, `delete a/x 4`, `progress 4`. */
export const line = (event: Change | Progress): string =>
  event.type === 'progress'
    ? `progress ${event.revision}`
    : `${event.type} ${path(event.object)} ${event.object.revision}`;

export const create = (storage: Storage, where: string, owners?: string[]) =>
  storage.create(key(where), build(where), owners && { owners });

/** A watch read by hand. */
export class Reader {
  readonly #abort = new AbortController();
  readonly #iterator: AsyncIterator<Change | Progress>;

  constructor(storage: Storage, since: string, scope: WatchScope = pods) {
    this.#iterator = storage.watch(scope, since, this.#abort.signal)[Symbol.asyncIterator]();
  }

  /** The next event, or `end`. */
  async next(): Promise<Change | Progress | 'end'> {
    const { done, value } = await this.#iterator.next();
    return done ? 'end' : value;
  }

  async line(): Promise<string> {
    const event = await this.next();
    return event === 'end' ? event : line(event);
  }

  /** Changes up to and with the one at `revision`, progress left out. */
  async until(revision: string): Promise<Change[]> {
    const changes: Change[] = [];
    for (;;) {
      const event = await this.next();
      if (event === 'end') throw new Error(`ended before ${revision}`);
      if (event.type === 'progress') continue;
      changes.push(event);
      if (event.object.revision === revision) return changes;
    }
  }

  stop(): void {
    this.#abort.abort();
  }
}
