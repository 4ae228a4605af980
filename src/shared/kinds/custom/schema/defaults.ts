/** Fills in the defaults of a structural schema, and nulls where a value has to be. */

import { mostStoredBytes, tooLargeToStore } from '../../../errors/storedSize.ts';
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

/** Is how many characters of defaults one object may get: of each that storage takes, several times as much. */
const mostDefaults = 8 * mostStoredBytes;

/** Counts down what an object may still get: a small default in each item of a list in each item of one is gigabytes. */
interface Budget {
  left: number;
}

/** `value` with its defaults; it may be changed. Keys stay sorted. Throws what storage would for more than `most`. */
export const withDefaults = <T>(value: T, schema: Structural | undefined, most = mostDefaults): T =>
  filled(value, schema, { left: most });

function filled<T>(value: T, schema: Structural | undefined, budget: Budget): T {
  if (!schema || typeof value !== 'object' || value === null || !hasDefaults(schema)) return value;
  if (Array.isArray(value)) {
    const items = itemsOf(schema);
    value.forEach((item, i) => {
      value[i] = filled(orDefault(item, items, budget), items, budget);
    });
    return value;
  }
  return defaulted(value as Json, schema, budget) as T;
}

function defaulted(object: Json, schema: Structural, budget: Budget): Json {
  let added = false;
  for (const name in schema.properties) {
    const part = schema.properties[name]!;
    if (part.default === undefined || Object.hasOwn(object, name)) continue;
    setOwn(object, name, defaultOf(part, budget));
    added = true;
  }
  for (const name of Object.keys(object)) {
    const part = partOf(schema, name);
    setOwn(object, name, filled(orDefault(object[name], part, budget), part, budget));
  }
  return added ? inOrder(object) : object;
}

/** Null stands for the default where it is no value. */
const orDefault = (value: unknown, schema: Structural | undefined, budget: Budget): unknown =>
  value === null && schema && !schema.nullable && schema.default !== undefined
    ? defaultOf(schema, budget)
    : value;

const lengths = new WeakMap<Structural, number>();

/** Each object gets a default of its own. */
function defaultOf(schema: Structural, budget: Budget): unknown {
  const value = schema.default;
  const length = lengths.get(schema) ?? JSON.stringify(value).length;
  lengths.set(schema, length);
  budget.left -= length;
  if (budget.left < 0) throw tooLargeToStore();
  return isObject(value) || Array.isArray(value) ? sorted(value) : value;
}

function inOrder(object: Json): Json {
  const result: Json = {};
  for (const key of Object.keys(object).sort()) setOwn(result, key, object[key]);
  return result;
}
