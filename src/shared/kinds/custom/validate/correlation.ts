import { isObject } from '../../../meta/isObject.ts';
import { itemsOf, partOf, type Structural } from '../schema/structural.ts';

/**
 * A value and what stood in its place before. Findings about what has not changed are let pass, so that a definition
 * may become stricter while its objects are in use (ratcheting).
 */
export class Correlation {
  readonly #value: unknown;
  readonly #old: unknown;
  readonly #schema: Structural;
  #equal: boolean | undefined;
  #parts = new Map<string | number, Correlation | undefined>();
  #byKey: Map<string, unknown> | undefined;

  constructor(value: unknown, old: unknown, schema: Structural) {
    this.#value = value;
    this.#old = old;
    this.#schema = schema;
  }

  /** The part of that name; undefined when it is new or no schema knows it. */
  key(name: string): Correlation | undefined {
    return this.#part(name, () => {
      if (!isObject(this.#value) || !isObject(this.#old)) return undefined;
      if (!Object.hasOwn(this.#value, name) || !Object.hasOwn(this.#old, name)) return undefined;
      const schema = partOf(this.#schema, name);
      return schema && new Correlation(this.#value[name], this.#old[name], schema);
    });
  }

  /** The item at that place, known by its keys; undefined for lists whose items have none. */
  index(i: number): Correlation | undefined {
    return this.#part(i, () => {
      const items = itemsOf(this.#schema);
      if (!Array.isArray(this.#value) || !Array.isArray(this.#old) || !items || !this.#hasKeys())
        return undefined;
      this.#byKey ??= new Map(this.#old.map((item) => [this.#keyOf(item), item]));
      const old = this.#byKey.get(this.#keyOf(this.#value[i]));
      return old === undefined ? undefined : new Correlation(this.#value[i], old, items);
    });
  }

  isEqual(): boolean {
    this.#equal ??= this.#compare();
    return this.#equal;
  }

  #compare(): boolean {
    const [value, old] = [this.#value, this.#old];
    if (Array.isArray(value) && Array.isArray(old)) {
      if (value.length !== old.length) return false;
      return this.#hasKeys() ? value.every((_, i) => this.index(i)?.isEqual()) : deepEqual(value, old);
    }
    if (isObject(value) && isObject(old)) {
      const names = Object.keys(value);
      return names.length === Object.keys(old).length && names.every((name) => this.key(name)?.isEqual());
    }
    return deepEqual(value, old);
  }

  #part(at: string | number, make: () => Correlation | undefined): Correlation | undefined {
    if (!this.#parts.has(at)) this.#parts.set(at, make());
    return this.#parts.get(at);
  }

  #hasKeys = () => this.#schema['x-kubernetes-list-type'] === 'map';
  #keyOf = (item: unknown) =>
    JSON.stringify(
      (this.#schema['x-kubernetes-list-map-keys'] ?? []).map(
        (key) => (isObject(item) ? item[key] : undefined) ?? null,
      ),
    );
}

/** Returns whether two JSON values are equal, whatever the order of their keys. */
export function deepEqual(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a))
    return Array.isArray(b) && a.length === b.length && a.every((item, i) => deepEqual(item, b[i]));
  if (!isObject(a) || !isObject(b)) return false;
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && deepEqual(a[name], b[name]))
  );
}
