import { equal } from './equal.ts';
import { show } from './show.ts';
import { step } from './steps.ts';
import { type Failure, fail, failed, type Outcome, Uint, type Value } from './value.ts';

/** A map or an object. */
export abstract class Dict {
  abstract readonly size: number;
  /** The value of a key, undefined when there is none. */
  abstract find(key: Value): Outcome | undefined;
  abstract keys(): Iterable<Value>;

  equals(other: Dict): boolean | Failure {
    if (this.size !== other.size) return false;
    step(this.size);
    for (const key of this.keys()) {
      const left = this.find(key);
      const right = other.find(key);
      if (left === undefined || right === undefined) return false;
      if (failed(left) || failed(right)) return failed(left) ? left : (right as Failure);
      if (equal(left, right) === false) return false;
    }
    return true;
  }
}

/** Numbers that are equal are one key, whatever their types. */
export function keyOf(key: Value): string | number | bigint | boolean | undefined {
  if (typeof key === 'number') return Number.isInteger(key) ? BigInt(key) : key;
  if (key instanceof Uint) return key.value;
  return typeof key === 'string' || typeof key === 'bigint' || typeof key === 'boolean' ? key : undefined;
}

/** A map that an expression made. */
export class EntryDict extends Dict {
  private readonly entries = new Map<string | number | bigint | boolean, readonly [Value, Value]>();

  override get size(): number {
    return this.entries.size;
  }
  override find(key: Value): Value | undefined {
    const known = keyOf(key);
    return known === undefined ? undefined : this.entries.get(known)?.[1];
  }
  override *keys(): Iterable<Value> {
    for (const [key] of this.entries.values()) yield key;
  }
  set(key: Value, value: Value): this | Failure {
    const known = keyOf(key);
    if (known === undefined) return fail(`unsupported key type: ${show(key)}`);
    this.entries.set(known, [key, value]);
    return this;
  }
  delete(key: Value): void {
    const known = keyOf(key);
    if (known !== undefined) this.entries.delete(known);
  }
}
