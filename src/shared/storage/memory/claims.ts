import { ClaimsHeld } from '../../ports/claimsHeld.ts';
import type { Key } from '../../ports/storage.ts';
import type { Turnover } from '../log/turnover.ts';

/** Describes who holds which value, over all logical clusters. */
export class Claims {
  /** resource → value → holder */
  readonly #held = new Map<string, Map<string, Key>>();

  of(resource: string): ReadonlyMap<string, Key> {
    return this.#held.get(resource) ?? new Map();
  }

  /** Throws ClaimsHeld. */
  check(resource: string, wanted: readonly string[]): void {
    const held = wanted.filter((value) => this.#held.get(resource)?.has(value));
    if (held.length) throw new ClaimsHeld(held);
  }

  change(key: Key, { gained, lost }: Turnover): void {
    for (const value of lost) this.#held.get(key.resource)?.delete(value);
    for (const value of gained) this.#of(key.resource).set(value, { ...key });
  }

  drop(cluster: string): void {
    for (const held of this.#held.values())
      for (const [value, key] of held) if (key.cluster === cluster) held.delete(value);
  }

  #of(resource: string): Map<string, Key> {
    const held = this.#held.get(resource) ?? new Map<string, Key>();
    this.#held.set(resource, held);
    return held;
  }
}
