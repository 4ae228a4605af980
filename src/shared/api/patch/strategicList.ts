import { ApiError } from '../../errors/apiError.ts';
import { isObject } from './merge.ts';
import { type ListDirectives, mergeStruct, unknownDirective, withoutDirectives } from './strategic.ts';

type Json = Record<string, unknown>;

/** A list of scalars that is a set: the patch's values are added, the named ones removed, then put in order. */
export function mergePrimitiveList(
  original: unknown[],
  patch: unknown[],
  directives: ListDirectives,
): unknown[] {
  const removed = new Set(directives.remove);
  const merged = [...new Set([...original, ...patch])].filter((value) => !removed.has(value));
  return inOrder(merged, original, directives.order, (value) => value);
}

/** A list of objects told apart by their merge key. */
export function mergeObjectList(
  original: unknown[],
  patch: unknown[],
  mergeKey: string,
  itemType: string,
  directives: ListDirectives,
): unknown[] {
  const changes = patch.filter(isObject);
  if (changes.some((item) => item.$patch === 'replace'))
    return changes.filter((item) => item.$patch !== 'replace').map(withoutDirectives);
  const keyOf = (item: unknown): unknown => {
    const key = isObject(item) ? item[mergeKey] : undefined;
    if (key === undefined)
      throw new ApiError(
        'BadRequest',
        `map: ${JSON.stringify(item)} does not contain declared merge key: ${mergeKey}`,
      );
    return key;
  };
  let merged: unknown[] = [...original];
  for (const change of changes) {
    const key = keyOf(change);
    const directive = change.$patch;
    if (directive === 'delete') {
      merged = merged.filter((item) => !isObject(item) || item[mergeKey] !== key);
      continue;
    }
    if (directive !== undefined && directive !== 'merge') throw unknownDirective(directive);
    const at = merged.findIndex((item) => isObject(item) && item[mergeKey] === key);
    if (at < 0) merged.push(withoutDirectives(change));
    else merged[at] = mergeStruct(merged[at], change, itemType) as Json;
  }
  return inOrder(merged, original, directives.order?.map(keyOf), (item) =>
    isObject(item) ? item[mergeKey] : item,
  );
}

/**
 * The order of a merged list. Items the patch speaks of stand in the order it gives (its `$setElementOrder`, else its own);
 * those only the server has keep their place relative to their neighbours.
 */
function inOrder(
  merged: unknown[],
  original: unknown[],
  wanted: unknown[] | undefined,
  keyOf: (item: unknown) => unknown,
): unknown[] {
  if (!wanted) return merged;
  const rank = new Map(wanted.map((key, index) => [key, index]));
  const serverRank = new Map(original.map((item, index) => [keyOf(item), index]));
  const listed = merged.filter((item) => rank.has(keyOf(item)));
  listed.sort((a, b) => rank.get(keyOf(a))! - rank.get(keyOf(b))!);
  const serverOnly = merged.filter((item) => !rank.has(keyOf(item)));
  const result: unknown[] = [];
  let left = 0;
  let right = 0;
  while (left < serverOnly.length && right < listed.length) {
    const before = serverRank.get(keyOf(serverOnly[left])) ?? Number.POSITIVE_INFINITY;
    const after = serverRank.get(keyOf(listed[right])) ?? Number.POSITIVE_INFINITY;
    if (before < after) result.push(serverOnly[left++]);
    else result.push(listed[right++]);
  }
  return [...result, ...serverOnly.slice(left), ...listed.slice(right)];
}
