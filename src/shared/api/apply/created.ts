import type { Field, Type } from '../../kinds/schema/facts.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { FieldsV1 } from './fieldSet.ts';
import { elementOf, isBlank, type Shape, shapeOfField } from './shape.ts';

type Json = Record<string, unknown>;

/**
 * What of `after` is not so in `before`, as FieldsV1; undefined when it is all the same. What comparing and then writing
 * the set would give, without the set: every creation does this.
 */
export function addedFields(before: unknown, after: unknown, shape: Shape): FieldsV1 | undefined {
  if (shape.is === 'leaf' || (isBlank(before) && isBlank(after)))
    return before !== undefined && isSame(before, after) ? undefined : {};
  // The place itself is new, so it stands first.
  const fields: FieldsV1 = before === undefined ? { '.': {} } : {};
  let count = 0;
  const add = (element: string, was: unknown, is: unknown, of: Shape) => {
    const child = addedFields(was, is, of);
    if (!child) return;
    fields[element] = child;
    count++;
  };
  const old = (before ?? {}) as Json;
  if (shape.is === 'struct') {
    for (const field of sortedFields(shape.type)) {
      const is = (after as Json)[field.name];
      if (is !== undefined) add(`f:${field.name}`, old[field.name], is, shapeOfField(field));
    }
  } else if (shape.is === 'map') {
    for (const key of Object.keys(after as Json).sort())
      add(`f:${key}`, old[key], (after as Json)[key], shape.of);
  } else {
    const items = (after as unknown[]).map((item): [string, unknown] => [elementOf(item, shape.keys), item]);
    const had = new Map(
      (before as unknown[] | undefined)?.map((item) => [elementOf(item, shape.keys), item]),
    );
    for (const [element, item] of items.sort(([a], [b]) => (a < b ? -1 : 1)))
      add(element, had.get(element), item, shape.of);
  }
  if (count > 0) return fields;
  return before === undefined ? {} : undefined;
}

const sorted = new WeakMap<Type, Field[]>();

function sortedFields(type: Type): Field[] {
  const known = sorted.get(type) ?? [...type.fields].sort((a, b) => (a.name < b.name ? -1 : 1));
  sorted.set(type, known);
  return known;
}
