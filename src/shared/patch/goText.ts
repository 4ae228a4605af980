import { goName } from './conversion.ts';

/** A value as Go prints it by %s, which only strings are meant for: `map[a:%!s(int64=1)]`. */
export function goString(value: unknown): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return `[${value.map(goString).join(' ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `map[${entries.map(([key, inner]) => `${key}:${goString(inner)}`).join(' ')}]`;
  }
  return value === null ? '%!s(<nil>)' : `%!s(${goName(value)}=${value})`;
}

/** A value as Go prints it: `map[spec:map[replicaz:1]]`. */
export function goText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(goText).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return value === null ? '<nil>' : String(value);
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `map[${entries.map(([key, inner]) => `${key}:${goText(inner)}`).join(' ')}]`;
}
