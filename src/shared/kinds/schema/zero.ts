/** Is what Go writes for absent and empty values of a type, and in which order it writes the fields. */
import { table } from '../../meta/table.ts';
import { type Field, type Ref, type Type, typeOf } from './facts.ts';
import type { Special } from './field.ts';

type Json = Record<string, unknown>;

/** Returns whether Go leaves the decoded value out when it writes the field. */
export function isLeftOut({ ref, pointer, always, omitzero }: Field, value: unknown): boolean {
  if (value === null) return pointer || omitzero;
  if (pointer || always || ref.is === 'special') return false;
  if (typeof value !== 'object') return value === '' || value === 0 || value === false;
  if (Array.isArray(value)) return value.length === 0;
  return ref.is === 'map' && Object.keys(value).length === 0;
}

/** Returns what Go writes for a field that is absent but always written; [] for a list, where Go may write null. */
export const zeroValue = ({ pointer, ref }: Field): unknown => (pointer ? null : zeroOf(ref));

/** Returns the JSON form of Go's zero value, which null items and absent protobuf fields become. */
export function zeroOf(ref: Ref): unknown {
  switch (ref.is) {
    case 'list':
      return [];
    case 'map':
      return {};
    case 'struct': {
      const type = typeOf(ref.name);
      return type.isList ? [] : emptyStruct(type);
    }
    case 'special':
      return zeroSpecial(ref.name);
    case 'enum':
      return '';
    case 'scalar':
      return ref.name === 'string' || ref.name === 'bytes' ? '' : ref.name === 'bool' ? false : 0;
  }
}

function zeroSpecial(name: Special): unknown {
  if (name === 'Quantity') return '0';
  if (name === 'IntOrString') return 0;
  return name === 'Duration' ? '0s' : null;
}

/** The object that Go writes for the empty struct. */
export function emptyStruct(type: Type): Json {
  const output: Json = {};
  for (const field of type.present) output[field.name] = zeroValue(field);
  return output;
}

/** Adds what is always written and is absent; the result has its fields in the order of the type. */
export function complete(object: Json, type: Type, isOrdered: boolean): Json {
  let ordered = isOrdered;
  for (const field of type.present) {
    if (object[field.name] !== undefined) continue;
    object[field.name] = zeroValue(field);
    ordered = false;
  }
  return ordered ? object : inOrder(object, type);
}

/** The same fields in the order of the type. */
export function inOrder(object: Json, type: Type): Json {
  const output: Json = {};
  for (const { name } of type.fields) if (object[name] !== undefined) output[name] = object[name];
  return output;
}

/** Assigns even the key `__proto__` as data. */
export function setOwn(object: Json, key: string, value: unknown): void {
  if (key !== '__proto__') object[key] = value;
  else Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The same map with its keys sorted, as Go writes maps; the map itself if they are. */
export function sortedByKey<T>(map: Record<string, T>): Record<string, T> {
  const keys = Object.keys(map);
  const isSorted = keys.every((key, i) => i === 0 || keys[i - 1]! < key);
  if (isSorted) return map;
  const output: Record<string, T> = table({});
  for (const key of keys.sort()) setOwn(output, key, map[key]);
  return output;
}
