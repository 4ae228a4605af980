/** How ownership goes through a value, by the schema facts. */

import type { Field, Ref, Type } from '../../kinds/schema/facts.ts';
import { typeOf } from '../../kinds/schema/facts.ts';
import { table } from '../../meta/table.ts';

export type Shape =
  /** Owned whole: scalars, and what is declared atomic. */
  | { is: 'leaf' }
  | { is: 'struct'; type: Type }
  | { is: 'map'; of: Shape }
  /** Items by their keys; without `keys` a set, whose items are their own keys. */
  | { is: 'list'; of: Shape; keys?: Key[] };

interface Key {
  name: string;
  /** What an item without the key means. */
  default?: unknown;
}

const leaf: Shape = { is: 'leaf' };
const known = new WeakMap<Field, Shape>();
const structs = new WeakMap<Type, Shape>();

export function shapeOfField(field: Field): Shape {
  const found = known.get(field) ?? shapeOf(field.ref, field);
  known.set(field, found);
  return found;
}

export function shapeOfType(type: Type): Shape {
  const found = structs.get(type) ?? { is: 'struct', type };
  structs.set(type, found);
  return found;
}

type Said = Pick<Field, 'listType' | 'listMapKeys' | 'structType'>;

function shapeOf(ref: Ref, { listType, listMapKeys = [], structType }: Said): Shape {
  switch (ref.is) {
    case 'struct': {
      const type = typeOf(ref.name);
      return type.isList || type.atomic || structType === 'atomic' ? leaf : shapeOfType(type);
    }
    case 'map':
      return structType === 'atomic' ? leaf : { is: 'map', of: shapeOf(ref.of, {}) };
    case 'list': {
      if (listType === 'set') return { is: 'list', of: leaf };
      if (listType !== 'map' || ref.of.is !== 'struct') return leaf;
      const item = typeOf(ref.of.name);
      const keys = [...listMapKeys].sort().map((name): Key => {
        const value = item.byName.get(name)?.default;
        return { name, ...(value !== undefined && { default: value }) };
      });
      return { is: 'list', of: shapeOf(ref.of, {}), keys };
    }
    default:
      return leaf;
  }
}

/** The path element of a list's item. */
export function elementOf(item: unknown, keys: Key[] | undefined): string {
  if (!keys) return `v:${JSON.stringify(item)}`;
  const values: Record<string, unknown> = table({});
  for (const { name, default: otherwise = null } of keys)
    values[name] = (item as Record<string, unknown> | null)?.[name] ?? otherwise;
  return `k:${JSON.stringify(values)}`;
}

type Json = Record<string, unknown>;

/** A granular value's parts by path element, each with its own shape; undefined for a leaf. */
export function partsOf(value: unknown, shape: Shape): Map<string, [value: unknown, shape: Shape]> {
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

/** Fields that the facts do not know are owned whole. */
export function partShape(shape: Exclude<Shape, { is: 'leaf' | 'list' }>, key: string): Shape {
  if (shape.is === 'map') return shape.of;
  const field = shape.type.byName.get(key);
  return field ? shapeOfField(field) : leaf;
}

export const isBlank = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' && Object.keys(value as object).length === 0);
