import { Dict } from './dict.ts';
import { formatDuration } from './duration.ts';
import { List } from './list.ts';
import { formatTimestamp } from './timestamp.ts';
import { typeName } from './typeOf.ts';
import { Duration, failed, Optional, type Outcome, Timestamp, Uint, type Value } from './value.ts';

/** Thrown for a value that JSON cannot say. */
export class NoJson extends Error {}

/** Writes values that JSON does not know, such as those that `Name{…}` makes. Throws NoJson for what it does not know. */
export type Further = (value: Value) => unknown;

/**
 * A value as JSON says it: bytes in base64, times and durations as texts.
 * @throws NoJson
 */
export function toJson(value: Outcome, further: Further = unsupported): unknown {
  if (failed(value)) throw new NoJson(value.message);
  if (value === null || typeof value === 'string' || typeof value === 'boolean' || typeof value === 'number')
    return value;
  if (typeof value === 'bigint') return integer(value);
  if (value instanceof Uint) return integer(value.value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof Optional) return toJson(value.value ?? null, further);
  if (value instanceof List)
    return Array.from({ length: value.size }, (_, index) => toJson(value.at(index), further));
  if (value instanceof Dict)
    return Object.fromEntries(
      Array.from(value.keys(), (key) => [keyText(key), toJson(value.find(key) ?? null, further)]),
    );
  return further(value);
}

/** What a number cannot hold stays exact. */
const integer = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;

function keyText(key: Value): string {
  if (typeof key === 'string') return key;
  if (key instanceof Uint) return String(key.value);
  return String(key);
}

function unsupported(value: Value): never {
  throw new NoJson(`unsupported type ${typeName(value)}`);
}
