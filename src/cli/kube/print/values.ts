import { stringify } from 'yaml';

/** As kubectl's `-o json`: keys sorted, four spaces. */
export const jsonText = (value: unknown): string => escapeHtml(JSON.stringify(sorted(value), undefined, 4));

/** As kubectl's `-o yaml`: keys sorted, lists not indented, long text as it is. */
export const yamlText = (value: unknown): string =>
  stringify(sorted(value), {
    version: '1.1',
    lineWidth: 0,
    indentSeq: false,
    blockQuote: 'literal',
    aliasDuplicateObjects: false,
    singleQuote: null,
  }).trimEnd();

/** One line with sorted keys, as Go writes it. */
export const compactJson = (value: unknown): string => escapeHtml(JSON.stringify(sorted(value)));

export function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  return Object.fromEntries(
    Object.keys(object)
      .sort()
      .map((key) => [key, sorted(object[key])]),
  );
}

/** Go's encoder escapes these, for web pages. */
const escapeHtml = (text: string) =>
  text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
