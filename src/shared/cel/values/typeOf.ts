import { Dict } from './dict.ts';
import { List } from './list.ts';
import { Duration, Opaque, Optional, Timestamp, TypeValue, Uint, type Value } from './value.ts';

/** The name of a value's type as expressions and messages write it. */
export function typeName(value: Value): string {
  switch (typeof value) {
    case 'string':
      return 'string';
    case 'bigint':
      return 'int';
    case 'number':
      return 'double';
    case 'boolean':
      return 'bool';
  }
  if (value === null) return 'null_type';
  if (value instanceof List) return 'list';
  if (value instanceof Dict) return 'map';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof Uint) return 'uint';
  if (value instanceof Duration) return 'google.protobuf.Duration';
  if (value instanceof Timestamp) return 'google.protobuf.Timestamp';
  if (value instanceof TypeValue) return 'type';
  if (value instanceof Optional) return 'optional_type';
  if (value instanceof Opaque) return value.typeName;
  return 'unknown';
}

/** Returns what `size(x)` counts, undefined for values without a size. Characters are code points, as in Go's runes. */
export function sizeOf(value: Value): number | undefined {
  if (typeof value === 'string') return codePoints(value);
  if (value instanceof Uint8Array) return value.length;
  if (value instanceof List || value instanceof Dict || value instanceof Opaque) return value.size;
  return undefined;
}

export function codePoints(text: string): number {
  let count = text.length;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    if (unit >= 0xd800 && unit < 0xdc00 && index + 1 < text.length) {
      count--;
      index++;
    }
  }
  return count;
}
