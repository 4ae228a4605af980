import { isDeepStrictEqual } from 'node:util';
import { type FieldFact, fieldFact } from '../../../shared/kinds/schema/facts.ts';
import { isObject } from '../../../shared/meta/isObject.ts';

export type Json = Record<string, unknown>;

/**
 * The patch that brings `current`, what the server has, to `modified`, what is wanted, and takes out what stood in
 * `original`, what was wanted before: kubectl's three-way merge. With a type name it is a strategic merge patch of that
 * type, without one a JSON merge patch. Empty when there is nothing to do.
 */
export function threeWayPatch(original: Json, modified: Json, current: Json, typeName?: string): Json {
  const patch: Json = {};
  for (const [key, wanted] of Object.entries(modified)) {
    if (!Object.hasOwn(current, key)) patch[key] = wanted;
    else {
      const fact = typeName === undefined ? undefined : fieldFact(typeName, key);
      Object.assign(patch, fieldPatch(key, { before: original[key], wanted, now: current[key], fact }));
    }
  }
  for (const key of Object.keys(original)) if (!Object.hasOwn(modified, key)) patch[key] = null;
  return patch;
}

interface FieldStates {
  before: unknown;
  wanted: unknown;
  now: unknown;
  fact?: FieldFact;
}

/** Returns what of the patch speaks of one field: nothing, the field, or the field and directives. */
function fieldPatch(key: string, states: FieldStates): Json {
  const { before, wanted, now, fact } = states;
  const strategies = fact?.patchStrategy ?? [];
  if (isObject(wanted) && isObject(now) && !strategies.includes('replace')) {
    const old = isObject(before) ? before : {};
    const patch = threeWayPatch(old, wanted, now, fact?.isStruct && !fact.list ? fact.type : undefined);
    if (strategies.includes('retainKeys')) retainKeys(patch, wanted, [old, now]);
    return Object.keys(patch).length ? { [key]: patch } : {};
  }
  if (Array.isArray(wanted) && Array.isArray(now) && strategies.includes('merge'))
    return listPatch(key, Array.isArray(before) ? before : [], wanted, now, fact!);
  return isDeepStrictEqual(wanted, now) ? {} : { [key]: wanted };
}

/** Says which fields are to be left, where one of the states has others (a strategy of another type). */
function retainKeys(patch: Json, wanted: Json, others: Json[]): void {
  const keys = Object.keys(wanted).filter((key) => wanted[key] !== null);
  const hasMore = others.some((other) => Object.keys(other).some((key) => !Object.hasOwn(wanted, key)));
  if (keys.length && (hasMore || Object.keys(patch).length)) patch.$retainKeys = keys.sort();
}

function listPatch(key: string, before: unknown[], wanted: unknown[], now: unknown[], fact: FieldFact): Json {
  const { mergeKey } = fact;
  if (mergeKey === undefined) return scalarsPatch(key, before, wanted, now);
  const named = (list: unknown[]) => new Map((list as Json[]).map((item) => [item[mergeKey], item]));
  const [olds, nows, wants] = [named(before), named(now), named(wanted)];
  const changes = [...wants].flatMap(([id, item]) => {
    const there = nows.get(id);
    if (!there) return [item];
    const patch = threeWayPatch(olds.get(id) ?? {}, item, there, fact.type);
    return Object.keys(patch).length ? [{ ...patch, [mergeKey]: id }] : [];
  });
  const gone = [...olds.keys()].filter((id) => !wants.has(id));
  const items = [...changes, ...gone.map((id) => ({ $patch: 'delete', [mergeKey]: id }))];
  const sameOrder = isDeepStrictEqual([...nows.keys()], [...wants.keys()]);
  const order = now.length > 0 && (items.length > 0 || !sameOrder);
  return {
    ...(items.length && { [key]: items }),
    ...(order && { [`$setElementOrder/${key}`]: [...wants.keys()].map((id) => ({ [mergeKey]: id })) }),
  };
}

function scalarsPatch(key: string, before: unknown[], wanted: unknown[], now: unknown[]): Json {
  const added = wanted.filter((item) => !now.includes(item));
  const gone = before.filter((item) => !wanted.includes(item));
  const order = now.length > 0 && (gone.length > 0 || !isDeepStrictEqual(wanted, now));
  return {
    ...(added.length && { [key]: added }),
    ...(gone.length && { [`$deleteFromPrimitiveList/${key}`]: gone }),
    ...(order && { [`$setElementOrder/${key}`]: wanted }),
  };
}
