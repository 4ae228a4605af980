import { jsonType } from '../kinds/schema/mismatch.ts';
import { table } from '../meta/table.ts';

const names: Record<string, string> = table({
  array: '[]interface {}',
  object: 'map[string]interface {}',
  number: 'int64',
  string: 'string',
  bool: 'bool',
});
const kinds: Record<string, string> = table({ array: 'slice', object: 'map' });

/**
 * A strategic patch is not decoded, but converted, in words of its own: `cannot convert int64 to string` for
 * `json: cannot unmarshal number into Go struct field ConfigMap.data of type string`.
 */
export function conversionError(message: string): string {
  const [, found = '', number, type] =
    /^json: cannot unmarshal (\w+)(?: ([\d.eE+-]+))? into .* type (.+)$/.exec(message) ?? [];
  if (type === undefined) return message;
  const name = number?.includes('.') ? 'float64' : (names[found] ?? found);
  const kind = kinds[found] ?? name;
  if (type.startsWith('[]')) return `cannot restore slice from ${kind}`;
  if (type.startsWith('map[') || type.endsWith('ResourceList')) return `cannot restore map from ${kind}`;
  if (/^v1\.[A-Z]/.test(type) && !isEnum(type)) return `cannot restore struct from: ${kind}`;
  const target = isEnum(type) ? 'string' : type;
  const isNumeric = /^(int|uint|float)/.test(target);
  return found === 'number' && (isNumeric || target === 'string')
    ? `cannot convert ${name} to ${type}`
    : `unrecognized type: ${target}`;
}

/** Returns what Go calls the type of a JSON value. */
export function goName(value: unknown): string {
  if (typeof value === 'number' && !Number.isInteger(value)) return 'float64';
  const type = jsonType(value);
  return names[type] ?? type;
}

/** Named strings look like structs. */
const isEnum = (type: string) =>
  /(Policy|Type|Protocol|Phase|Effect|Operator|Scheme|Status|Mode)$/.test(type);
