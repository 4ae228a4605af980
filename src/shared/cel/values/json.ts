import { ownValue } from '../../meta/table.ts';
import { Dict } from './dict.ts';
import { List } from './list.ts';
import { step } from './steps.ts';
import type { Outcome, Value } from './value.ts';

/** Data without a schema as a value; lists and objects are wrapped, not copied. */
export function fromJson(data: unknown): Value {
  switch (typeof data) {
    case 'string':
    case 'boolean':
    case 'bigint':
      return data;
    case 'number':
      return Number.isInteger(data) && Math.abs(data) < 2 ** 63 ? BigInt(data) : data;
    case 'object':
      if (data === null) return null;
      return Array.isArray(data) ? new JsonList(data) : new JsonDict(data as Record<string, unknown>);
    default:
      return null;
  }
}

class JsonList extends List {
  readonly data: readonly unknown[];
  constructor(data: readonly unknown[]) {
    super();
    this.data = data;
  }
  override get size(): number {
    return this.data.length;
  }
  override at(index: number): Outcome {
    return fromJson(this.data[index]);
  }
}

class JsonDict extends Dict {
  readonly data: Record<string, unknown>;
  constructor(data: Record<string, unknown>) {
    super();
    this.data = data;
  }
  override get size(): number {
    return countKeys(this.data);
  }
  override find(key: Value): Outcome | undefined {
    const value = typeof key === 'string' ? ownValue(this.data, key) : undefined;
    return value === undefined ? undefined : fromJson(value);
  }
  override keys(): Iterable<Value> {
    return Object.keys(this.data);
  }
}

/** Counts the fields of an object, which takes steps: nobody has written down how many they are. */
export function countKeys(data: object): number {
  const { length } = Object.keys(data);
  step(length);
  return length;
}
