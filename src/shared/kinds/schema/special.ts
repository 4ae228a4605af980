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
      return typeof value === 'boolean' ? value : schema(context, value, place);
    case 'JSONSchemaPropsOrArray':
      return Array.isArray(value)
        ? value.map((inner) => schema(context, inner, place))
        : schema(context, value, place);
    case 'JSONSchemaPropsOrStringArray':
      return Array.isArray(value) ? value : schema(context, value, place);
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      checkDepth(value);
      return value;
  }
}

function intOrString(context: Context, value: unknown, place: Place): unknown {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') throw mismatch(context, jsonType(value), 'int32', place);
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  throw mismatch(context, `number ${value}`, 'int32', place);
}

/** Without recursion, since that is what it guards. */
export function checkDepth(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new DecodeError('exceeded max depth');
    level = level.flatMap((v) => (typeof v === 'object' && v !== null ? Object.values(v) : []));
  }
}
