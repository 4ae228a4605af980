import type { Key, Stored } from '../../../shared/ports/storage.ts';
import { itemOf, keyText, spaceOf } from '../../../shared/storage/log/keys.ts';
import { alone } from './kept.ts';
import { endMoment, isOfMoment } from './moment.ts';
import type { Tail } from './tail.ts';

interface Known {
  stored: Stored | undefined;
  /** The log up to here says nothing else. */
  at: number;
}

const most = 1_000;
const fewAsks = 2;
const longest = 65_536;
/** Of a log that has more to tell, one object is read for less; or what is to be read for a list anyway may wait. */
const fewEntries = 8;
const someEntries = 50;

/**
 * Single objects of seldom written resources, as this process has read them. The log says whether one has changed since, which
 * costs less than to read it where one look tells it of many resources.
 */
export class Remembered {
  readonly #known = new Map<string, Known>();
  /** How often the objects of a space were asked for. */
  readonly #asked = new Map<string, number>();

  /** The object as last acknowledged; `read` asks the table. `isListed`: the process reads the log for lists, too. */
  async get(
    key: Key,
    tail: Tail,
    read: () => Promise<Stored | undefined>,
    isListed: boolean,
  ): Promise<Stored | undefined> {
    // To find the end of a log may take several reads: not for a process that asks once or twice.
    const mayRead = tail.isFollowed || !this.#asksLittle(spaceOf(key));
    const entries = mayRead ? (isListed ? someEntries : fewEntries) : 0;
    if (entries === 0 && !isOfMoment()) return read();
    // Whoever waits for a hole in the log, or for its end to be known, would wait longer than a read takes.
    if (!(await tail.advance(entries).catch(() => false))) return newer(read);
    const [name, item, at] = [keyText(key), itemOf(key), tail.position];
    const known = this.#known.get(name);
    if (known && tail.isSilentOn(item, known.at)) {
      this.#put(name, { stored: known.stored, at: Math.max(at, known.at) });
      return known.stored;
    }
    const told = tail.lastOf(item);
    if (told && told.revision > (known?.at ?? 0)) {
      const stored = told.change?.type === 'put' ? alone(told.change.object) : undefined;
      this.#put(name, { stored, at });
      return stored;
    }
    const stored = await read();
    if (!(Number(stored?.revision) <= at)) endMoment();
    if (tail.bearsOut(item, stored)) this.#put(name, { stored, at });
    else this.#known.delete(name);
    return stored;
  }

  /** The one used last comes last. */
  #put(name: string, known: Known): void {
    this.#known.delete(name);
    if ((known.stored?.value.length ?? 0) > longest) return;
    this.#known.set(name, known);
    if (this.#known.size > most) this.#known.delete(this.#known.keys().next().value!);
  }

  #asksLittle(space: string): boolean {
    const asked = (this.#asked.get(space) ?? 0) + 1;
    this.#asked.set(space, asked);
    return asked <= fewAsks;
  }
}

/** What is looked at next is no older than what was read just now. */
async function newer<T>(read: () => Promise<T>): Promise<T> {
  const found = await read();
  endMoment();
  return found;
}
