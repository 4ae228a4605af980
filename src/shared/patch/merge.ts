import { isObject } from '../meta/isObject.ts';
import { ownValue } from '../meta/table.ts';

/**
 * Answers the original with a JSON merge patch (RFC 7386) applied. As in real servers, objects within lists lose what is null
 * in them, too. Untouched parts of the original are shared with the result.
 */
export function mergePatch(original: unknown, patch: unknown): unknown {
  if (Array.isArray(patch)) return patch.map((item) => mergePatch(undefined, item));
  if (!isObject(patch)) return patch;
  const result: Record<string, unknown> = isObject(original) ? { ...original } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else define(result, key, mergePatch(ownValue(result, key), value));
  }
  return result;
}

/** Sets an own property even where the key is `__proto__`. */
export function define(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}
