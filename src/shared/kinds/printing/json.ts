/** One line with sorted keys, as Go writes it. */
export const compactJson = (value: unknown): string => escapeHtml(JSON.stringify(sorted(value)));

/** The value with the keys of every object in it sorted. */
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

/** Escapes what Go's JSON encoder escapes, for web pages. */
export const escapeHtml = (text: string) =>
  text.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`);
