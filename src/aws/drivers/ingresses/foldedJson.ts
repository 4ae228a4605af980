/** JSON in annotations as a Go program reads it: keys in any case, which come in lower case here. */

export type Fields = Record<string, unknown>;

/** Undefined when it is no JSON. */
export function foldedJson(text: string): unknown {
  try {
    return folded(JSON.parse(text));
  } catch {
    return undefined;
  }
}

function folded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(folded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, v]) => [key.toLowerCase(), folded(v)]));
}

/** Empty for what is no object. */
export const fieldsOf = (value: unknown): Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};

export const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';
