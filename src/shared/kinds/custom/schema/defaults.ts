/** Fills in the defaults of a structural schema, and nulls where a value has to be. */

import { isObject } from '../../../meta/isObject.ts';
import { setOwn } from '../../schema/zero.ts';
import { sorted } from './decode.ts';
import { itemsOf, type Json, partOf, type Structural } from './structural.ts';

const known = new WeakMap<Structural, boolean>();

/** Returns whether there is anything to fill in below: most schemas have none, and are not walked. */
export function hasDefaults(schema: Structural): boolean {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const parts = [itemsOf(schema), ...Object.values(schema.properties ?? {}), mapOf(schema)];
  const has = parts.some((part) => part && (part.default !== undefined || hasDefaults(part)));
  known.set(schema, has);
  return has;
}

const mapOf = ({ additionalProperties: values }: Structural): Structural | undefined =>
  typeof values === 'object' ? values : undefined;

/** `value` with its defaults; it may be changed. Keys stay sorted. */
export function withDefaults<T>(value: T, schema: Structural | undefined): T {
  if (!schema || typeof value !== 'object' || value === null || !hasDefaults(schema)) return value;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    value.forEach((item, i) => {
      value[i] = withDefaults(orDefault(item, items), items);
    });
    return value;
  }
  return defaulted(value as Json, schema) as T;
}

function defaulted(object: Json, schema: Structural): Json {
  let added = false;
  for (const name in schema.properties) {
    const part = schema.properties[name]!;
    if (part.default === undefined || Object.hasOwn(object, name)) continue;
    setOwn(object, name, copyOf(part.default));
    added = true;
  }
  for (const name of Object.keys(object)) {
    const part = partOf(schema, name);
    setOwn(object, name, withDefaults(orDefault(object[name], part), part));
  }
  return added ? inOrder(object) : object;
}

/** Null stands for the default where it is no value. */
const orDefault = (value: unknown, schema: Structural | undefined): unknown =>
  value === null && schema && !schema.nullable && schema.default !== undefined
    ? copyOf(schema.default)
    : value;

/** Each object gets a default of its own. */
const copyOf = (value: unknown): unknown => (isObject(value) || Array.isArray(value) ? sorted(value) : value);

function inOrder(object: Json): Json {
  const result: Json = {};
  for (const key of Object.keys(object).sort()) setOwn(result, key, object[key]);
  return result;
}
