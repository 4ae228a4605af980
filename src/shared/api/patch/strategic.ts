import { ApiError } from '../../errors/apiError.ts';
import { type FieldFact, fieldFact } from '../../kinds/schema/facts.ts';
import { define, isObject } from './merge.ts';
import { mergeObjectList, mergePrimitiveList } from './strategicList.ts';

type Json = Record<string, unknown>;

const order = '$setElementOrder/';
const deleteFrom = '$deleteFromPrimitiveList/';

/**
 * Kubernetes' strategic merge patch: lists with a merge key are merged by it, others replaced, and directives in the
 * patch ($patch, $retainKeys, $deleteFromPrimitiveList, $setElementOrder) say the rest. Which list is which comes from the
 * schema facts of `typeName`. The original is left as it is.
 */
export function strategicMergePatch(original: Json, patch: Json, typeName: string | undefined): Json {
  return mergeStruct(original, patch, typeName) as Json;
}

/** Merges `patch` into `original`; undefined says that the object itself is to be deleted. */
export function mergeStruct(original: unknown, patch: Json, typeName: string | undefined): Json | undefined {
  const directive = patch.$patch;
  if (directive === 'delete') return undefined;
  if (directive === 'replace') return withoutDirectives(patch);
  if (directive !== undefined && directive !== 'merge') throw unknownDirective(directive);

  const source: Json = isObject(original) ? original : {};
  const result: Json = retained(source, patch);
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(order)) continue;
    if (key.startsWith(deleteFrom)) {
      const field = key.slice(deleteFrom.length);
      if (!(field in patch) && Array.isArray(source[field]))
        result[field] = mergePrimitiveList(source[field], [], listDirectives(patch, field));
      continue;
    }
    if (value === null) {
      delete result[key];
      continue;
    }
    const merged = mergeField(
      source[key],
      value,
      typeName ? fieldFact(typeName, key) : undefined,
      patch,
      key,
    );
    if (merged === undefined) delete result[key];
    else define(result, key, merged);
  }
  // An order alone reorders what is there.
  for (const key of Object.keys(patch)) {
    const field = key.slice(order.length);
    if (!key.startsWith(order) || field in patch || !Array.isArray(source[field])) continue;
    const reordered = mergeField(
      source[field],
      [],
      typeName ? fieldFact(typeName, field) : undefined,
      patch,
      field,
    );
    if (reordered !== undefined) define(result, field, reordered);
  }
  return result;
}

function mergeField(
  original: unknown,
  value: unknown,
  fact: FieldFact | undefined,
  patch: Json,
  key: string,
): unknown {
  if (Array.isArray(value)) {
    if (!fact?.patchStrategy.includes('merge')) return value.map((item) => clean(item));
    const directives = listDirectives(patch, key);
    const list = Array.isArray(original) ? original : [];
    return fact.isStruct && fact.mergeKey
      ? mergeObjectList(list, value, fact.mergeKey, fact.type, directives)
      : mergePrimitiveList(list, value, directives);
  }
  if (!isObject(value)) return value;
  if (fact?.patchStrategy.includes('replace') && !('$patch' in value)) return clean(value);
  if (fact?.map) {
    const itemType = fact.isStruct ? fact.type : undefined;
    return mergeStruct(original, value, itemType);
  }
  return mergeStruct(original, value, fact?.isStruct ? fact.type : undefined);
}

export interface ListDirectives {
  /** Values (primitive) or merge-key objects in the wanted order. */
  order?: unknown[];
  remove?: unknown[];
}

const listDirectives = (patch: Json, field: string): ListDirectives => ({
  order: patch[order + field] as unknown[] | undefined,
  remove: patch[deleteFrom + field] as unknown[] | undefined,
});

/** A copy of the original, without the fields that $retainKeys does not name. */
function retained(source: Json, patch: Json): Json {
  const keep = patch.$retainKeys;
  if (keep === undefined) return { ...source };
  if (!Array.isArray(keep)) throw new ApiError('BadRequest', 'invalid patch format of retainKeys list');
  return Object.fromEntries(Object.entries(source).filter(([key]) => keep.includes(key)));
}

const clean = (value: unknown): unknown => (isObject(value) ? withoutDirectives(value) : value);

/** What a new or replaced object is: the patch less its directives and nulls. */
export function withoutDirectives(patch: Json): Json {
  const result: Json = {};
  for (const [key, value] of Object.entries(patch)) {
    if (key === '$patch' || key === '$retainKeys' || key.startsWith(order) || key.startsWith(deleteFrom))
      continue;
    if (value === null) continue;
    define(result, key, Array.isArray(value) ? value.filter(notDeleted).map(clean) : clean(value));
  }
  return result;
}

const notDeleted = (value: unknown) => !(isObject(value) && value.$patch === 'delete');

export const unknownDirective = (directive: unknown) =>
  new ApiError('BadRequest', `unknown patch type found: ${directive}`);
