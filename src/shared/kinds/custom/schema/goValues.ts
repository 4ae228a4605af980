/** Writes JSON values as Go prints the values that structured-merge-diff holds. */
import { isObject } from '../../../meta/isObject.ts';

/** As `%v` prints it: `&{x}`, `&{[1 2]}`, `&{map[a:1]}`. */
export const goValue = (value: unknown): string => `&{${plain(value)}}`;

/** As `%#v` prints it: `&value.valueUnstructured{Value:map[string]interface {}{"a":1}}`. */
export const goSyntax = (value: unknown): string => `&value.valueUnstructured{Value:${syntax(value)}}`;

/** As the value of a key in a path element: `"x"`, `[1,2]`, `a=1`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(',')}]`;
  if (isObject(value))
    return sorted(value)
      .map(([name, inner]) => `${name}=${goText(inner)}`)
      .join('');
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

function plain(value: unknown): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(plain).join(' ')}]`;
  if (!isObject(value)) return String(value);
  const entries = sorted(value).map(([name, inner]) => `${name}:${plain(inner)}`);
  return `map[${entries.join(' ')}]`;
}

function syntax(value: unknown): string {
  if (value === null) return 'interface {}(nil)';
  if (Array.isArray(value)) return `[]interface {}{${value.map(syntax).join(', ')}}`;
  if (typeof value === 'string') return JSON.stringify(value);
  if (!isObject(value)) return String(value);
  const entries = sorted(value).map(([name, inner]) => `${JSON.stringify(name)}:${syntax(inner)}`);
  return `map[string]interface {}{${entries.join(', ')}}`;
}

const sorted = (value: Record<string, unknown>) => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
