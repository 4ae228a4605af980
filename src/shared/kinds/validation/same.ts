import { isObject } from '../../meta/isObject.ts';

type Json = unknown;

/** Returns whether two JSON values are the same. A field that is undefined, null or an empty list counts as absent. */
export function isSame(a: Json, b: Json): boolean {
  if (a === b || (isAbsent(a) && isAbsent(b))) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((value, i) => isSame(value, b[i]));
  }
  if (!isObject(a) || !isObject(b)) return false;
  for (const key of Object.keys(a)) if (!isSame(a[key], ownOf(b, key))) return false;
  return Object.keys(b).every((key) => Object.hasOwn(a, key) || isAbsent(b[key]));
}

const isAbsent = (value: Json): boolean =>
  value === undefined || value === null || (Array.isArray(value) && value.length === 0);

/** What is inherited, such as `valueOf`, is no field. */
const ownOf = (object: Record<string, Json>, key: string): Json =>
  Object.hasOwn(object, key) ? object[key] : undefined;
