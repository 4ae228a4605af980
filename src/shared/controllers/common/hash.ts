import { suffixAlphabet } from '../../clock/ids.ts';
import { fnv1a } from '../../meta/fnv1a.ts';
import { ownValue } from '../../meta/table.ts';

/** `length` characters of the suffix alphabet, each spread over the whole hash. */
export function suffixOf(text: string, length = 5): string {
  let out = '';
  let hash = fnv1a(text);
  for (let i = 0; i < length; i++) {
    // Murmur's finaliser: FNV alone changes its high bits little for texts that differ at the end.
    hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b) >>> 0;
    hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35) >>> 0;
    hash = (hash ^ (hash >>> 16)) >>> 0;
    out += suffixAlphabet[hash % suffixAlphabet.length];
  }
  return out;
}

/** JSON with sorted keys and without undefined: equal for equal objects. */
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${canonical(v)}`).join(',')}}`;
}

/** The same value with the keys of its objects in order, as Go writes a map. */
export function sorted<T>(value: T): T {
  if (Array.isArray(value)) return value.map(sorted) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, part]) => [key, sorted(part)])) as T;
}

/** Returns whether two JSON values are equal, whatever the order of their keys: whether `canonical` writes the same. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((value, i) => same(value, b[i]));
  if (!isRecord(a) || !isRecord(b)) return isNothing(a) && isNothing(b);
  for (const key of Object.keys(a)) if (!isSameField(a[key], ownValue(b, key))) return false;
  return Object.keys(b).every((key) => b[key] === undefined || ownValue(a, key) !== undefined);
}

type Json = Record<string, unknown>;

/** A field that is undefined is absent, which null is not. */
const isSameField = (a: unknown, b: unknown): boolean =>
  a === undefined || b === undefined ? a === b : same(a, b);
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
/** Elsewhere undefined is written as null. */
const isNothing = (value: unknown): boolean => value === null || value === undefined;
