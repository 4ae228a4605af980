import { ApiError } from '../errors/apiError.ts';
import { badRequest } from '../errors/common.ts';
import { type FieldFact, fieldFact } from '../kinds/schema/facts.ts';
import { isObject } from '../meta/isObject.ts';
import { goName } from './conversion.ts';
import { deletePrefix, isDirective, orderPrefix, withoutDirectives } from './directives.ts';
import { goString, goText } from './goText.ts';
import { define } from './merge.ts';
import { type ListMerge, mergeList, removeScalars, reorder } from './strategicList.ts';

type Json = Record<string, unknown>;

/**
 * Kubernetes' strategic merge patch: lists with a merge key are merged by it, others replaced, and directives in the
 * patch ($patch, $retainKeys, $deleteFromPrimitiveList, $setElementOrder) say the rest. Which list is which comes
 * from the schema facts of `typeName`. The original is left as it is. Throws BadRequest.
 */
export const strategicMergePatch = (original: Json, patch: Json, typeName: string | undefined): Json =>
  mergeObject(original, patch, typeName);

function mergeObject(original: Json, patch: Json, typeName: string | undefined): Json {
  if ('$patch' in patch) return byDirective(patch);
  const result = retained(original, patch);
  const done = applyOrders(result, patch, typeName);
  for (const [key, value] of Object.entries(patch)) {
    if (isDirective(key) || done.has(key)) continue;
    if (value === null) delete result[key];
    else setField(result, key, value, typeName ? fieldFact(typeName, key) : undefined);
  }
  for (const [key, value] of Object.entries(patch)) {
    const field = key.startsWith(deletePrefix) ? key.slice(deletePrefix.length) : '';
    const list = field && Object.hasOwn(result, field) ? result[field] : undefined;
    if (Array.isArray(list)) define(result, field, removeScalars(list, listOf(key, value)));
  }
  return result;
}

/** An object in the patch that speaks of the whole: `delete` leaves an empty one, as in Kubernetes. */
function byDirective(patch: Json): Json {
  const { $patch: directive, ...rest } = patch;
  if (directive === 'replace') return cleaned(rest);
  if (directive === 'delete') return {};
  throw new ApiError('Unknown', `unknown patch type: ${goString(directive)} in map: ${goText(patch)}`);
}

const cleaned = (patch: Json): Json => withoutDirectives(patch) as Json;

function setField(result: Json, key: string, value: unknown, fact: FieldFact | undefined): void {
  const present = Object.hasOwn(result, key) ? result[key] : undefined;
  const merged = mergeValue(present, value, fact);
  if (merged === undefined) delete result[key];
  else define(result, key, merged);
}

/** Undefined when nothing is to be there. */
function mergeValue(present: unknown, value: unknown, fact: FieldFact | undefined): unknown {
  const strategies = fact?.patchStrategy ?? [];
  if (isObject(present) && isObject(value)) {
    if (strategies.includes('replace')) return cleaned(value);
    return mergeObject(present, value, fact?.isStruct ? fact.type : undefined);
  }
  if (Array.isArray(present) && Array.isArray(value) && strategies.includes('merge'))
    return mergeList(present, value, listMerge(fact));
  return withoutDirectives(value);
}

const listMerge = (fact: FieldFact | undefined): ListMerge => ({
  mergeKey: fact?.mergeKey,
  mergeItem: (item, change) => mergeObject(item, change, fact?.isStruct ? fact.type : undefined),
});

/** Merges every list that the patch gives an order for; answers the fields that are done with that. */
function applyOrders(result: Json, patch: Json, typeName: string | undefined): Set<string> {
  const done = new Set<string>();
  for (const key of Object.keys(patch)) {
    if (!key.startsWith(orderPrefix)) continue;
    const field = key.slice(orderPrefix.length);
    const present = Object.hasOwn(result, field) ? listOf(field, result[field]) : undefined;
    const change = Object.hasOwn(patch, field) ? patch[field] : undefined;
    if (change === null) continue;
    const fact = typeName ? fieldFact(typeName, field) : undefined;
    if (typeName && !fact)
      throw new ApiError(
        'Unknown',
        `unable to find api field in struct ${typeName} for the json field ${JSON.stringify(field)}`,
      );
    const order = listOf(key, patch[key]);
    const changes = change === undefined ? undefined : listOf(field, change);
    const merged = changes ? (mergeValue(present, changes, fact) as unknown[]) : present;
    const asked = { present: present ?? [], changes: changes ?? [], order, mergeKey: fact?.mergeKey };
    const ordered = reorder(merged, asked);
    if (ordered) define(result, field, ordered);
    if (changes) done.add(field);
  }
  return done;
}

function listOf(key: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (key.startsWith(orderPrefix))
    throw new ApiError('Unknown', `expected a []interface {}, but received a ${goName(value)}`);
  throw badRequest(`invalid patch format: ${key} is not a list`);
}

/** A copy of the original, without the fields that $retainKeys does not name. */
function retained(original: Json, patch: Json): Json {
  if (!('$retainKeys' in patch)) return { ...original };
  const keep = patch.$retainKeys;
  const names = new Set(Array.isArray(keep) ? keep : []);
  const stranger = Object.keys(patch).some(
    (key) => !isDirective(key) && patch[key] !== null && !names.has(key),
  );
  if (!Array.isArray(keep) || stranger) throw badRequest('invalid patch format of retainKeys');
  return Object.fromEntries(Object.entries(original).filter(([key]) => names.has(key)));
}
