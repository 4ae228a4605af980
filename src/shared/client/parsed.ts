import type { KubeObject } from '../meta/object.ts';

/** Of the lists of which each object is remembered: what is parsed takes some three times the room of its bytes. */
const mostBytes = 4 * 1024 * 1024;

/** As long as somebody keeps the bytes. */
const known = new WeakMap<Uint8Array, KubeObject>();
const decoder = new TextDecoder();
let before: (object: KubeObject) => KubeObject = (object) => object;

/** From now on each object is shared as the hook answers it: simulations freeze what nobody may modify. */
export function shareAs(hook: typeof before): void {
  before = hook;
}

/**
 * Parses the objects of a list, and those that were parsed before not again: a controller lists the same Pods for each of its keys,
 * and few have changed since. Never modify the results: they are shared.
 */
export function parsedOnce<T extends KubeObject>(objects: readonly Uint8Array[]): T[] {
  const size = objects.reduce((sum, { length }) => sum + length, 0);
  return objects.map(size > mostBytes ? parse<T> : once<T>);
}

function once<T extends KubeObject>(bytes: Uint8Array): T {
  const found = known.get(bytes) ?? before(parse(bytes));
  known.set(bytes, found);
  return found as T;
}

const parse = <T extends KubeObject>(bytes: Uint8Array): T => JSON.parse(decoder.decode(bytes));
