import { ApiError } from '../errors/apiError.ts';
import { isObject } from '../meta/isObject.ts';
import { withoutDirectives } from './directives.ts';
import { goString, goText } from './goText.ts';

type Json = Record<string, unknown>;

/** A real server takes these for its own errors. */
const unmergeable = (why: string) => new ApiError('Unknown', why);

export interface ListMerge {
  /** Is what tells objects of the list apart; none for a list of scalars, which is a set. */
  mergeKey: string | undefined;
  mergeItem(item: Json, change: Json): Json;
}

/** A list with strategy `merge`: changed and added items in the patch's order, the others where they stood. */
export function mergeList(present: unknown[], changes: unknown[], how: ListMerge): unknown[] {
  if (present.length === 0 && changes.length === 0) return present;
  const objects = [...present, ...changes].filter(isObject).length;
  if (objects === 0) return inOrder([...new Set([...present, ...changes])], present, changes, undefined);
  if (objects < present.length + changes.length)
    throw unmergeable(`list element types are not identical: [${goText(present)} ${goText(changes)}]`);
  const { mergeKey } = how;
  if (!mergeKey) throw unmergeable('cannot merge lists without merge key');
  return mergeObjects(present as Json[], changes as Json[], mergeKey, how);
}

function mergeObjects(present: Json[], changes: Json[], mergeKey: string, how: ListMerge): unknown[] {
  const keyed = (item: Json) => keyOf(item, mergeKey);
  const plain = changes.filter((item) => !('$patch' in item));
  const removed = new Set<unknown>();
  let replaces = false;
  for (const item of changes) {
    if (!('$patch' in item)) continue;
    if (item.$patch === 'delete') removed.add(keyed(item));
    else if (item.$patch === 'replace') replaces = true;
    else if (item.$patch === 'merge') throw unmergeable('merging lists cannot yet be specified in the patch');
    else throw unmergeable(`unknown patch type: ${goString(item.$patch)} in map: ${goText(item)}`);
  }
  if (replaces) return withoutDirectives(plain) as unknown[];

  const merged: Json[] = present.filter((item) => !removed.has(item[mergeKey]));
  const places = new Map<unknown, number>();
  merged.forEach((item, index) => {
    if (!places.has(keyed(item))) places.set(keyed(item), index);
  });
  for (const change of plain) {
    const place = places.get(keyed(change));
    if (place !== undefined) merged[place] = how.mergeItem(merged[place]!, change);
    else {
      places.set(keyed(change), merged.length);
      merged.push(withoutDirectives(change) as Json);
    }
  }
  return inOrder(merged, present, plain, mergeKey);
}

export interface Order {
  present: unknown[];
  changes: unknown[];
  /** Scalars, or objects with the merge key. */
  order: unknown[];
  mergeKey: string | undefined;
}

/** Puts a merged list into the order of a `$setElementOrder`. Throws when the patch contradicts itself. */
export function reorder(merged: unknown[] | undefined, asked: Order): unknown[] | undefined {
  const { present, changes, order, mergeKey } = asked;
  checkOrder(changes, order, mergeKey);
  return merged && inOrder(merged, placesOnServer(present, changes, mergeKey), order, mergeKey);
}

/** An item that the patch adds takes the place at the end that one it deletes leaves: so does a real server. */
function placesOnServer(present: unknown[], changes: unknown[], mergeKey: string | undefined): unknown[] {
  const removed = new Set<unknown>();
  const named: unknown[] = [];
  for (const item of changes) {
    if (!isObject(item) || !('$patch' in item)) named.push(item);
    else if (item.$patch === 'delete') removed.add(identity(item, mergeKey));
  }
  if (removed.size === 0) return present;
  const kept = present.filter((item) => !removed.has(identity(item, mergeKey)));
  const known = ranks(kept, mergeKey);
  const added = named.filter((item) => !known.has(identity(item, mergeKey)));
  return [...kept, ...added].slice(0, present.length);
}

/** The items of the patch, those with directives aside, have to stand in the order that it asks for. */
function checkOrder(changes: unknown[], order: unknown[], mergeKey: string | undefined): void {
  if (order.length === 0 || changes.length === 0) return;
  let at = 0;
  for (const item of changes) {
    if (isObject(item) && '$patch' in item) continue;
    while (at < order.length && identity(item, mergeKey) !== identity(order[at], mergeKey)) at++;
    if (at++ >= order.length)
      throw unmergeable(
        `The order in patch list:\n${goText(changes)}\n doesn't match $setElementOrder list:\n${goText(order)}\n`,
      );
  }
}

export const removeScalars = (list: unknown[], removed: unknown[]): unknown[] => {
  const gone = new Set(removed);
  return list.filter((item) => !gone.has(item));
};

/**
 * Items named in `order` stand in that order; those only the server has keep their order among themselves and go
 * before the first named item that stood behind them on the server.
 */
function inOrder(
  merged: unknown[],
  server: unknown[],
  order: unknown[],
  mergeKey: string | undefined,
): unknown[] {
  const wanted = ranks(order, mergeKey);
  const known = ranks(server, mergeKey);
  const rank = (item: unknown, table: Map<unknown, number>) => table.get(identity(item, mergeKey)) ?? -1;
  const by = (table: Map<unknown, number>) => (a: unknown, b: unknown) => rank(a, table) - rank(b, table);
  const named = merged.filter((item) => rank(item, wanted) >= 0).sort(by(wanted));
  const others = merged.filter((item) => rank(item, wanted) < 0).sort(by(known));
  const result: unknown[] = [];
  let next = 0;
  for (const item of named) {
    const place = rank(item, known);
    while (next < others.length && place >= 0 && inFront(rank(others[next], known), place))
      result.push(others[next++]);
    result.push(item);
  }
  return [...result, ...others.slice(next)];
}

const inFront = (rank: number, place: number) => rank >= 0 && rank < place;

function ranks(list: unknown[], mergeKey: string | undefined): Map<unknown, number> {
  const table = new Map<unknown, number>();
  list.forEach((item, index) => {
    const key = identity(item, mergeKey);
    if (!table.has(key)) table.set(key, index);
  });
  return table;
}

const identity = (item: unknown, mergeKey: string | undefined): unknown => {
  if (!mergeKey) return item;
  if (!isObject(item)) throw unmergeable(`list element ${goText(item)} is not an object`);
  return keyOf(item, mergeKey);
};

function keyOf(item: Json, mergeKey: string): unknown {
  if (Object.hasOwn(item, mergeKey)) return item[mergeKey];
  throw unmergeable(`map: ${goText(item)} does not contain declared merge key: ${mergeKey}`);
}
