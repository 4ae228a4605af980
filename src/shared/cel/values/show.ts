import { Dict } from './dict.ts';
import { formatDouble } from './double.ts';
import { formatDuration } from './duration.ts';
import { List } from './list.ts';
import { formatTimestamp } from './timestamp.ts';
import { Duration, failed, Optional, type Outcome, Timestamp, TypeValue, Uint } from './value.ts';

/** Returns how messages of errors show a value (Go's `%v`). */
export function show(value: Outcome): string {
  if (failed(value)) return value.message;
  if (value === null) return 'null';
  if (typeof value === 'number') return formatDouble(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Duration) return formatDuration(value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof TypeValue) return value.name;
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Optional)
    return value.value === undefined ? 'optional.none()' : `optional(${show(value.value)})`;
  if (value instanceof List)
    return `[${Array.from({ length: value.size }, (_, index) => show(value.at(index))).join(', ')}]`;
  if (value instanceof Dict)
    return `{${Array.from(value.keys(), (key) => `${show(key)}: ${show(value.find(key) ?? null)}`).join(', ')}}`;
  return value.toString();
}
