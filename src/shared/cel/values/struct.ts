import { type Failure, fail, Opaque, type Outcome, type Value } from './value.ts';

/** A value that an expression makes by `Name{field: value}`. */
export abstract class Struct extends Opaque {
  abstract readonly isZero: boolean;
  /** Says whether the field has been given. */
  abstract has(field: string): boolean;
  /** The field as `value.field` reads it, when it has not been given too. */
  abstract read(field: string): Outcome;
  override toString(): string {
    return `${this.typeName}{}`;
  }
}

/** Returns what `value.field` is; undefined where it may be missing and is. */
export function fieldOf(value: Struct, key: Value, mayMiss: boolean): Outcome | undefined {
  if (typeof key !== 'string') return noField(key);
  return mayMiss && !value.has(key) ? undefined : value.read(key);
}

const noField = (key: Value): Failure => fail(`unsupported indexer: ${String(key)}`);
