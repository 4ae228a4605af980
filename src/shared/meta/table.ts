/**
 * A table of own entries and nothing else: `constructor` or `__proto__` out of a request finds nothing in it, as neither
 * does what is left of Object.prototype. The structure tests ask for it wherever a table is looked up by a string.
 */
export function table<T extends object>(entries: T): T {
  return Object.assign(Object.create(null), entries) as T;
}

/** The entry of a map that came from outside: a label, an annotation, a key of a ConfigMap. */
export const ownValue = <V>(
  map: Readonly<Record<string, V>> | null | undefined,
  key: string,
): V | undefined => (map && Object.hasOwn(map, key) ? map[key] : undefined);
