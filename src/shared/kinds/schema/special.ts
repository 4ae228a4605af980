/** Values whose JSON form is not that of a struct: quantities, times, int-or-string, and JSON kept as it is. */
import { DecodeError } from './decode-error.ts';
import type { Special } from './field.ts';
import { jsonType, maxDepth } from './mismatch.ts';
import { canonicalQuantity } from './quantity.ts';
import { canonicalTime } from './time.ts';

/** `schema` decodes a JSONSchemaProps, for the types that are one thing or another. */
export function decodeSpecial(value: unknown, name: Special, schema: (value: unknown) => unknown): unknown {
  switch (name) {
    case 'Quantity':
      return canonicalQuantity(value);
    case 'IntOrString':
      return intOrString(value);
    case 'Time':
    case 'MicroTime':
      if (typeof value === 'string') return canonicalTime(value, name);
      throw notGo(jsonType(value), 'string');
    case 'Duration':
      if (typeof value === 'string') return value;
      throw notGo(jsonType(value), 'string');
    case 'JSONSchemaPropsOrBool':
      return typeof value === 'boolean' ? value : schema(value);
    case 'JSONSchemaPropsOrArray':
      return Array.isArray(value) ? value.map(schema) : schema(value);
    case 'JSONSchemaPropsOrStringArray':
      return Array.isArray(value) ? value : schema(value);
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      checkDepth(value);
      return value;
  }
}

function intOrString(value: unknown): unknown {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number') throw notGo(jsonType(value), 'int32');
  if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return value;
  throw notGo(`number ${value}`, 'int32');
}

const notGo = (found: string, type: string): DecodeError =>
  new DecodeError(`json: cannot unmarshal ${found} into Go value of type ${type}`);

/** Without recursion, since that is what it guards. */
function checkDepth(value: unknown): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > maxDepth) throw new DecodeError('exceeded max depth');
    level = level.flatMap((v) => (typeof v === 'object' && v !== null ? Object.values(v) : []));
  }
}
