import {
  elementOf,
  isBlank,
  partShape,
  type Shape,
  type StructShape,
  shapeFor,
} from '../../kinds/schema/shape.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { FieldsV1 } from './fieldSet.ts';

type Json = Record<string, unknown>;

/**
 * Returns what of `after` is not so in `before`, as FieldsV1; undefined when it is all the same. What comparing and
 * then writing the set would give, without the set: every creation does this.
 */
export function addedFields(was: unknown, after: unknown, form: Shape): FieldsV1 | undefined {
  const shape = shapeFor(after, form);
  const before = was === undefined || shapeFor(was, form).is === shape.is ? was : undefined;
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
    for (const name of namesIn(shape, after as Json)) {
      const is = (after as Json)[name];
      if (is !== undefined) add(`f:${name}`, old[name], is, partShape(shape, name));
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

/** Returns where undeclared fields may stand, those of the value itself. */
const namesIn = ({ names, others }: StructShape, value: Json): readonly string[] =>
  others.is === 'leaf' ? names : Object.keys(value).sort();
