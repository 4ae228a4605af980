import type { Database } from 'lmdb';
import type {
  DeadLetter,
  NewEvent,
  Outbox,
  OutboxContent,
  Places,
  WaitingEvent,
} from '../../../shared/ports/outbox.ts';
import { commit } from './commit.ts';
import { openEnvironment, type Root } from './environment.ts';

/** Opens the outbox in a folder of its own. Throws when it is damaged, and says what to do. */
export async function openLmdbOutbox(dir: string): Promise<Outbox> {
  // A power cut may undo the last commits, place and events in one: what is read again comes again.
  return new LmdbOutbox(await openEnvironment(dir, { mapSize: mostBytes, noMetaSync: true }));
}

/** Address space: more than the callers' bounds allow. */
const mostBytes = 4 * 2 ** 30;

type Fields<T> = Omit<T, 'number'>;

class LmdbOutbox implements Outbox {
  readonly #root: Root;
  /** space → revision */
  readonly #places: Database<string, string>;
  readonly #waiting: Database<Fields<WaitingEvent>, number>;
  readonly #dead: Database<Fields<DeadLetter>, number>;
  readonly #texts: Database<Buffer, number>;
  /** The greatest that was given away: who is told a number may show it when what had it is gone. */
  readonly #numbers: Database<number, 'last'>;
  #last: number;
  #operations: (() => void)[] = [];
  #next: Promise<void> | undefined;
  #running: Promise<void> = Promise.resolve();

  constructor(root: Root) {
    this.#root = root;
    this.#places = root.openDB('places', { encoding: 'string' });
    this.#waiting = root.openDB('waiting', { encoding: 'json' });
    this.#dead = root.openDB('dead', { encoding: 'json' });
    this.#texts = root.openDB('texts', { encoding: 'binary' });
    this.#numbers = root.openDB('numbers', { encoding: 'json' });
    // Outboxes from before there was a note of it have none.
    const [newest = 0] = this.#texts.getKeys({ reverse: true, limit: 1 });
    this.#last = Math.max(newest, this.#numbers.get('last') ?? 0);
  }

  load(): OutboxContent {
    const numbered = <T>(table: Database<Fields<T>, number>) =>
      Array.from(table.getRange(), ({ key, value }) => ({ ...value, number: key }) as T);
    return {
      places: new Map(Array.from(this.#places.getRange(), ({ key, value }) => [key, value])),
      waiting: numbered<WaitingEvent>(this.#waiting),
      dead: numbered<DeadLetter>(this.#dead),
    };
  }

  async append(events: readonly NewEvent[], places: Places): Promise<WaitingEvent[]> {
    const entries = events.map(({ text, ...event }) => ({
      ...event,
      number: ++this.#last,
      bytes: text.length,
    }));
    await this.#commit(() => {
      for (const [i, { number, ...event }] of entries.entries()) {
        void this.#waiting.put(number, event);
        void this.#texts.put(number, bufferOver(events[i]!.text));
      }
      if (entries.length > 0) void this.#numbers.put('last', this.#last);
      for (const [space, place] of places)
        void (place === undefined ? this.#places.remove(space) : this.#places.put(space, place));
    });
    return entries;
  }

  text(number: number): Uint8Array | undefined {
    return this.#texts.get(number);
  }

  remove(numbers: readonly number[]): Promise<void> {
    return this.#commit(() => {
      for (const number of numbers)
        for (const table of [this.#waiting, this.#dead, this.#texts]) void table.remove(number);
    });
  }

  bury({ number, ...letter }: DeadLetter): Promise<void> {
    return this.#commit(() => {
      if (this.#waiting.get(number) === undefined) return;
      void this.#waiting.remove(number);
      void this.#dead.put(number, letter);
    });
  }

  async revive(numbers: readonly number[], since: number): Promise<WaitingEvent[]> {
    let revived: WaitingEvent[] = [];
    await this.#commit(() => {
      revived = numbers.flatMap((number) => {
        const [letter, text] = [this.#dead.get(number), this.#texts.get(number)];
        if (!letter || !text) return [];
        const { reason: _, died: __, ...event } = letter;
        const entry = { ...event, number: ++this.#last, since };
        void this.#waiting.put(entry.number, { ...event, since });
        void this.#texts.put(entry.number, text);
        for (const table of [this.#dead, this.#texts]) void table.remove(number);
        return entry;
      });
      void this.#numbers.put('last', this.#last);
    });
    return revived;
  }

  async close(): Promise<void> {
    await this.#running;
    await this.#root.close();
  }

  /** One transaction at a time; what comes meanwhile makes up the next one. */
  #commit(operation: () => void): Promise<void> {
    this.#operations.push(operation);
    this.#next ??= this.#running.then(() => {
      const operations = this.#operations;
      this.#operations = [];
      this.#next = undefined;
      return commit(this.#root, () => {
        for (const each of operations) each();
      });
    });
    this.#running = this.#next.catch(() => {});
    return this.#next;
  }
}

/** The same bytes, not a copy of them: an event may be large, and have many targets. */
const bufferOver = ({ buffer, byteOffset, byteLength }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);
