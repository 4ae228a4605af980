/** Sets hold a value once, lists by keys each key once. */
import type { Cause } from '../../../errors/apiError.ts';
import { isObject } from '../../../meta/isObject.ts';
import { duplicate, invalidValue } from '../../validation/causes.ts';
import { itemsOf, type Json, propertyOf, type Structural, valuesOf } from '../schema/structural.ts';

/** Returns the duplicates in lists that are declared as sets or as maps, at any depth. */
export function listTypeCauses(value: unknown, schema: Structural, path = ''): Cause[] {
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    const inner = items ? value.flatMap((item, i) => listTypeCauses(item, items, `${path}[${i}]`)) : [];
    return [...ownCauses(value, schema, path), ...inner];
  }
  if (!isObject(value)) return [];
  const values = valuesOf(schema)?.schema;
  return Object.keys(value).flatMap((key) => {
    const property = propertyOf(schema, key);
    const under = property ? (path ? `${path}.${key}` : key) : `${path}[${key}]`;
    const of = property ?? values;
    return of ? listTypeCauses(value[key], of, under) : [];
  });
}

function ownCauses(list: unknown[], schema: Structural, path: string): Cause[] {
  switch (schema['x-kubernetes-list-type']) {
    case 'set':
      return repeated(list).map((i) => duplicate(`${path}[${i}]`, list[i]));
    case 'map':
      return mapCauses(list, schema['x-kubernetes-list-map-keys'] ?? [], path);
    default:
      return [];
  }
}

function mapCauses(list: unknown[], names: string[], path: string): Cause[] {
  const stranger = list.findIndex((item) => item !== null && !isObject(item));
  if (stranger >= 0)
    return [
      invalidValue(`${path}[${stranger}]`, list[stranger], 'must be an object for an array of list-type map'),
    ];
  const keys = list.map((item) => keysOf(item as Json | null, names));
  return repeated(keys).map((i) => duplicate(`${path}[${i}]`, keys[i]));
}

const keysOf = (item: Json | null, names: string[]): Json =>
  Object.fromEntries(
    names.filter((name) => item && Object.hasOwn(item, name)).map((name) => [name, item![name]]),
  );

/** Returns where something stands for the second time; a third time is not told again. */
function repeated(values: unknown[]): number[] {
  const times = new Map<string, number>();
  return values.flatMap((value, i) => {
    const text = JSON.stringify(value);
    const before = times.get(text) ?? 0;
    times.set(text, before + 1);
    return before === 1 ? [i] : [];
  });
}
