/** Says how a value is taken apart: into which places, for ownership of fields, and which lists are merged by what. */

/** Says how fields of a value are told apart for merging and ownership, whatever language declared them. */
export type Shape =
  /** Owned whole: scalars, and what is declared atomic. */
  | { is: 'leaf' }
  | StructShape
  | { is: 'map'; of: Shape }
  /** Items by their keys; without `keys` a set, whose items are their own keys. */
  | { is: 'list'; of: Shape; keys?: Key[] }
  /** No schema says: an object is a map of such values, everything else a leaf. */
  | { is: 'deduced' };

/** Is the shape of a value with declared fields. */
export interface StructShape {
  is: 'struct';
  /** Names of the declared fields, sorted. */
  readonly names: readonly string[];
  /** Undefined for a field that is not declared. */
  field(name: string): Shape | undefined;
  /** The shape of fields that are not declared. */
  others: Shape;
}

/** Is a field by which the items of a list are told apart. */
export interface Key {
  name: string;
  /** Is what an item without the key means. */
  default?: unknown;
}

/** Is the shape of a value that is owned whole. */
export const leaf: Shape = { is: 'leaf' };
/** Is the shape of a value about which no schema says anything. */
export const deduced: Shape = { is: 'deduced' };
const deducedMap: Shape = { is: 'map', of: deduced };

/** A shape whose parts are known. */
export type Known = Exclude<Shape, { is: 'deduced' }>;

/**
 * The shape itself, or the one that the value shows. A value that has not the form of its shape, as a number where a list
 * is declared, has no parts that could be looked at: it will be refused.
 */
export function shapeFor(value: unknown, shape: Shape): Known {
  if (shape.is === 'deduced') return isMap(value) ? (deducedMap as Known) : (leaf as Known);
  if (shape.is === 'leaf' || value === undefined || value === null) return shape;
  return (shape.is === 'list' ? Array.isArray(value) : isMap(value)) ? shape : (leaf as Known);
}

const isMap = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The path element of a list's item. */
export function elementOf(item: unknown, keys: Key[] | undefined): string {
  if (!keys) return `v:${JSON.stringify(item)}`;
  // Put together by hand: a list may have many items.
  let members = '';
  for (const { name, default: otherwise = null } of keys) {
    const value = (item as Record<string, unknown> | null)?.[name] ?? otherwise;
    members += `${members && ','}${JSON.stringify(name)}:${JSON.stringify(value)}`;
  }
  return `k:{${members}}`;
}

/** A path element as it stands in messages: `.spec`, `[name="c"]`. */
export function written(element: string): string {
  const rest = element.slice(2);
  if (element.startsWith('f:')) return `.${rest}`;
  if (element.startsWith('v:')) return `[=${rest}]`;
  const keys = Object.entries(JSON.parse(rest) as object);
  return `[${keys.map(([key, value]) => `${key}=${JSON.stringify(value)}`).join(',')}]`;
}

type Json = Record<string, unknown>;

/** A granular value's parts by path element, each with its own shape; empty for a leaf. */
export function partsOf(value: unknown, shape: Known): Map<string, [value: unknown, shape: Shape]> {
  const parts = new Map<string, [unknown, Shape]>();
  if (value === null || value === undefined) return parts;
  if (shape.is === 'list')
    for (const item of value as unknown[]) parts.set(elementOf(item, shape.keys), [item, shape.of]);
  else if (shape.is !== 'leaf')
    for (const key in value as Json) {
      const inner = (value as Json)[key];
      if (inner !== undefined) parts.set(`f:${key}`, [inner, partShape(shape, key)]);
    }
  return parts;
}

/** Returns the shape of a part by its name: of a declared field, else of what is not declared. */
export const partShape = (shape: Exclude<Known, { is: 'leaf' | 'list' }>, key: string): Shape =>
  shape.is === 'map' ? shape.of : (shape.field(key) ?? shape.others);

/** Returns whether there is nothing to own: absent, null, an empty object or an empty list. */
export function isBlank(value: unknown): boolean {
  if (typeof value !== 'object') return value === undefined;
  // Without a list of the keys, of which there may be many.
  for (const key in value) if (Object.hasOwn(value as object, key)) return false;
  return true;
}
