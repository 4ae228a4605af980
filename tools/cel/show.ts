import { Dict } from '../../src/shared/cel/values/dict.ts';
import { formatDouble } from '../../src/shared/cel/values/double.ts';
import { List } from '../../src/shared/cel/values/list.ts';
import { formatTimestamp } from '../../src/shared/cel/values/timestamp.ts';
import { typeName } from '../../src/shared/cel/values/typeOf.ts';
import {
  Duration,
  failed,
  Opaque,
  Optional,
  type Outcome,
  Timestamp,
  TypeValue,
  Uint,
} from '../../src/shared/cel/values/value.ts';

/** A value with its type, as the recorded answers show it. */
export function showValue(value: Outcome): string {
  if (failed(value)) return `error ${value.message}`;
  if (typeof value === 'number') return `d${formatDouble(value)}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'boolean') return `bool:${value}`;
  if (value === null || typeof value !== 'object') return String(value);
  if (value instanceof Uint) return `${value.value}u`;
  if (value instanceof Uint8Array) return `b'${Buffer.from(value).toString('hex')}'`;
  if (value instanceof Duration) return `duration(${value.nanoseconds})`;
  if (value instanceof Timestamp) return `timestamp(${formatTimestamp(value)})`;
  if (value instanceof TypeValue) return `type(${value.name})`;
  if (value instanceof Optional)
    return value.value === undefined ? 'optional.none()' : `optional(${showValue(value.value)})`;
  if (value instanceof List)
    return `[${Array.from({ length: value.size }, (_, index) => showValue(value.at(index))).join(', ')}]`;
  if (value instanceof Dict) {
    const entries = Array.from(
      value.keys(),
      (key) => `${showValue(key)}: ${showValue(value.find(key) ?? null)}`,
    );
    return `{${entries.sort().join(', ')}}`;
  }
  return value instanceof Opaque ? `${typeName(value)}:${value}` : typeName(value);
}
