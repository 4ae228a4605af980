import type { Dict } from './dict.ts';
import type { List } from './list.ts';

/** Describes what an expression can hold: int is a bigint, double a number, the rest speaks for itself. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | Uint
  | Duration
  | Timestamp
  | TypeValue
  | Optional
  | Opaque
  | List
  | Dict;

/** An error of evaluation is a value on its way up, because `||` and `&&` may absorb it. */
export class Failure {
  readonly message: string;
  constructor(message: string) {
    this.message = message;
  }
}

export type Outcome = Value | Failure;

export const fail = (message: string): Failure => new Failure(message);
export const failed = (outcome: Outcome): outcome is Failure => outcome instanceof Failure;
export const noSuchOverload = (): Failure => new Failure('no such overload');

export class Uint {
  readonly value: bigint;
  constructor(value: bigint) {
    this.value = value;
  }
}

export class Duration {
  readonly nanoseconds: bigint;
  constructor(nanoseconds: bigint) {
    this.nanoseconds = nanoseconds;
  }
}

/** A point of time in nanoseconds since 1970, between the years 1 and 9999. */
export class Timestamp {
  readonly nanoseconds: bigint;
  /** Minutes east of Greenwich of the zone in which it was written, and in which it is shown. */
  readonly zone: number;
  constructor(nanoseconds: bigint, zone = 0) {
    this.nanoseconds = nanoseconds;
    this.zone = zone;
  }
}

/** A type as a value: what `type(x)` answers and what the name `int` stands for. */
export class TypeValue {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

export class Optional {
  static readonly none = new Optional(undefined);
  readonly value: Value | undefined;
  constructor(value: Value | undefined) {
    this.value = value;
  }
}

/** A value of a library: quantities, addresses, authorizers. Expressions reach it by functions only. */
export abstract class Opaque {
  abstract readonly typeName: string;
  /** Length for the cost of functions; absent when the value has none. */
  get size(): number | undefined {
    return undefined;
  }
  /** Is what `==` says; a Failure when the two cannot be compared. */
  abstract equals(other: Value): boolean | Failure;
  /** Says how error messages show the value. */
  abstract toString(): string;
}
