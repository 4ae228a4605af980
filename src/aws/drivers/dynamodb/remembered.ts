import type { Key, Stored } from '../../../shared/ports/storage.ts';
import { itemOf, keyText, spaceOf } from '../../../shared/storage/log/keys.ts';
import type { Tail } from './tail.ts';

interface Known {
  stored: Stored | undefined;
  /** The log up to here says nothing else. */
  at: number;
}

const most = 1_000;
const fewAsks = 2;
const longest = 65_536;

/**
 * Single objects of seldom written resources, as this process has read them. The log says whether one has changed since, which
 * costs less than to read it where one look tells it of many resources.
 */
export class Remembered {
  readonly #known = new Map<string, Known>();
  /** How often the objects of a space were asked for. */
  readonly #asked = new Map<string, number>();

  /** The object as last acknowledged; `read` asks the table. */
  async get(key: Key, tail: Tail, read: () => Promise<Stored | undefined>): Promise<Stored | undefined> {
    // To find the end of a log takes several reads: not for a process that asks once or twice.
    if (!tail.isFollowed && this.#asksLittle(spaceOf(key))) return read();
    // Whoever waits for a hole in the log, or for its end to be known, would wait longer than a read takes.
    if (!(await tail.advance().catch(() => false))) return read();
    const [name, item, at] = [keyText(key), itemOf(key), tail.position];
    const known = this.#known.get(name);
    this.#known.delete(name);
    if (known && tail.isSilentOn(item, known.at)) {
      this.#known.set(name, { stored: known.stored, at: Math.max(at, known.at) });
      return known.stored;
    }
    const stored = await read();
    if (tail.bearsOut(item, stored) && (stored?.value.length ?? 0) <= longest) {
      this.#known.set(name, { stored, at });
      if (this.#known.size > most) this.#known.delete(this.#known.keys().next().value!);
    }
    return stored;
  }

  #asksLittle(space: string): boolean {
    const asked = (this.#asked.get(space) ?? 0) + 1;
    this.#asked.set(space, asked);
    return asked <= fewAsks;
  }
}
