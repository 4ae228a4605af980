import { isInt64 } from '../../../meta/integers.ts';
import { table } from '../../../meta/table.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { type Finding, wrongType } from './finding.ts';
import { supportedFormat } from './formats.ts';

/** A value of the wrong JSON type. */
export function typeFindings(path: string, value: unknown, schema: JSONSchemaProps): Finding[] {
  const types = typesOf(schema);
  if (types.length === 0) return [];
  if (value === null || value === undefined)
    return schema.nullable ? [] : [wrongType(path, types.join(','), 'null')];
  const found = typeOfValue(value);
  const isText = typeof value === 'string' || Array.isArray(value);
  const isNumeric = types.includes('number') || types.includes('integer');
  const fits = types.includes(found) || (found === 'integer' && types.includes('number'));
  const format = supportedFormat(schema);
  if (format && !isText && !fits) return [wrongType(path, format, goNumber[found] ?? '')];
  if (!isNumeric && format && isText) return [];
  return fits ? [] : [wrongType(path, types.join(','), found)];
}

/** What Go calls a number that stands where a format is asked for. */
const goNumber = table<Record<string, string | undefined>>({ integer: 'int64', number: 'float64' });

const typesOf = ({ type, 'x-kubernetes-int-or-string': either }: JSONSchemaProps): string[] =>
  either ? ['integer', 'string'] : type ? [type] : [];

/** What no int64 holds is a float to Go. */
function typeOfValue(value: unknown): string {
  if (typeof value === 'bigint') return isInt64(value) ? 'integer' : 'number';
  if (Array.isArray(value)) return 'array';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
