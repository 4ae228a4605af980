import { isObject } from '../meta/isObject.ts';
import { table } from '../meta/table.ts';
import { define } from './merge.ts';

export const orderPrefix = '$setElementOrder/';
export const deletePrefix = '$deleteFromPrimitiveList/';

/** Returns whether the key is an instruction of a strategic merge patch and no field. */
export const isDirective = (key: string): boolean =>
  key === '$patch' || key === '$retainKeys' || key.startsWith(orderPrefix) || key.startsWith(deletePrefix);

/**
 * Returns what a part of the patch is when it meets nothing to merge with: itself, less directives and nulls. Undefined
 * for an object that only carries out a `$patch`.
 */
export function withoutDirectives(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items: unknown[] = [];
    for (const item of value) {
      const kept = withoutDirectives(item);
      if (kept !== undefined) items.push(kept);
    }
    return items;
  }
  if (!isObject(value)) return value;
  if ('$patch' in value) return undefined;
  const result: Record<string, unknown> = table({});
  for (const [key, part] of Object.entries(value)) {
    if (part === null || isDirective(key)) continue;
    const kept = withoutDirectives(part);
    if (kept !== undefined) define(result, key, kept);
  }
  return result;
}
