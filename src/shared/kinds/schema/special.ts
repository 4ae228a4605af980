/** Values whose JSON form is not that of a struct: quantities, times, int-or-string, and JSON kept as it is. */
import { DecodeError } from './decode-error.ts';
import type { Special } from './field.ts';
import { type Context, jsonType, maxDepth, mismatch, type Place } from './mismatch.ts';
import { canonicalQuantity } from './quantity.ts';
import { canonicalTime } from './time.ts';

type Schema = (context: Context, value: unknown, place: Place) => unknown;

/** `schema` decodes a JSONSchemaProps, for the types that are one thing or another. */
export function decodeSpecial(
  context: Context,
  value: unknown,
  name: Special,
  place: Place,
  schema: Schema,
): unknown {
  switch (name) {
    case 'Quantity':
      return canonicalQuantity(value);
    case 'IntOrString':
      return intOrString(context, value, place);
    case 'Time':
    case 'MicroTime':
      if (typeof value === 'string') return canonicalTime(value, name);
      throw mismatch(context, jsonType(value), 'string', place);
    case 'Duration':
      if (typeof value === 'string') return value;
      throw mismatch(context, jsonType(value), 'string', place);
    case 'JSONSchemaPropsOrBool':
      return typeof value === 'boolean' ? value : schema(lenient(context), value, place);
    case 'JSONSchemaPropsOrArray':
      return Array.isArray(value)
        ? value.map((inner) => schema(lenient(context), inner, place))
        : schema(lenient(context), value, place);
    case 'JSONSchemaPropsOrStringArray':
      return Array.isArray(value) ? value : schema(lenient(context), value, place);
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      checkDepth(value);
      return value;
  }
}

/** Such types decode themselves in Go, which then says of no field in them that it is unknown. */
function lenient({ unknownFields: _, ...context }: Context): Context {
  return context;
}

function intOrString(context: Context, value: unknown, place: Place): unknown {
  if (typeof value === 'string') return value;
  if (typeof value === 'bigint') throw mismatch(context, `number ${value}`, 'int32', place);
  if (typeof value !== 'number') throw mismatch(context, jsonType(value), 'int32', place);
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  throw mismatch(context, `number ${value}`, 'int32', place);
}

/** Throws DecodeError when a value is nested deeper than a real server reads. */
export function checkDepth(value: unknown): void {
  if (exceedsDepth(value)) throw new DecodeError('exceeded max depth');
}

/** Returns whether a value is nested deeper than anything that is taken. */
const exceedsDepth = (value: unknown): boolean => isBranch(value) && isDeeper(value, 0);

/** Reads no deeper than it has to, so that its own recursion is bounded; and keeps no list of what it has found. */
function isDeeper(branch: object, depth: number): boolean {
  if (depth > maxDepth) return true;
  if (Array.isArray(branch)) {
    for (const inner of branch) if (isBranch(inner) && isDeeper(inner, depth + 1)) return true;
  } else
    for (const key in branch) {
      const inner = (branch as Record<string, unknown>)[key];
      if (isBranch(inner) && isDeeper(inner, depth + 1)) return true;
    }
  return false;
}

const isBranch = (value: unknown): value is object => typeof value === 'object' && value !== null;
