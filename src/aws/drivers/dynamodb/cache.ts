import type { Key, Stored } from '../../../shared/ports/storage.ts';
import { keyText } from '../../../shared/storage/log/keys.ts';

const most = 1_000;
const longest = 65_536;

/** States that this process saw lately: what an update replaces is mostly what its caller has just read. */
export class Cache {
  readonly #states = new Map<string, Stored>();

  get(key: Key): Stored | undefined {
    return this.#states.get(keyText(key));
  }

  /** What a fork has from its base is left out: another fork of the name may have another state under the same revision. */
  put(object: Stored): void {
    if (object.writtenIn !== undefined) return;
    const name = keyText(object.key);
    const known = this.#states.get(name);
    if (known && Number(known.revision) >= Number(object.revision)) return;
    this.#states.delete(name);
    if (object.value.length > longest) return;
    this.#states.set(name, object);
    if (this.#states.size > most) this.#states.delete(this.#states.keys().next().value!);
  }

  forget(key: Key): void {
    this.#states.delete(keyText(key));
  }
}
