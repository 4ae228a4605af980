import {
  elementOf,
  isBlank,
  partShape,
  type Shape,
  type StructShape,
  shapeFor,
} from '../../kinds/schema/shape.ts';
import { isSame } from '../../kinds/validation/same.ts';
import type { Later, Steps } from '../../meta/steps.ts';
import { ownValue } from '../../meta/table.ts';
import type { FieldsV1 } from './fieldSet.ts';

type Json = Record<string, unknown>;

/** Is how many parts of a list or a map are gone through in one step. */
const partsAtOnce = 1000;
/** Contains a place and nothing below it. Most places are such: they share it. */
const place: FieldsV1 = Object.freeze({});

/**
 * Returns what of `after` is not so in `before`, as FieldsV1; undefined when it is all the same. What comparing and
 * then writing the set would give, without the set: every creation does this.
 * @param later receives what puts in the parts of a place that is new and has many.
 */
export function addedFields(was: unknown, after: unknown, form: Shape, later: Later): FieldsV1 | undefined {
  const shape = shapeFor(after, form);
  const before = was === undefined || shapeFor(was, form).is === shape.is ? was : undefined;
  if (shape.is === 'leaf' || (isBlank(before) && isBlank(after)))
    return before !== undefined && isSame(before, after) ? undefined : place;
  // The place itself is new, so it stands first.
  const fields: FieldsV1 = before === undefined ? { '.': place } : {};
  let count = 0;
  const add = (element: string, old: unknown, part: unknown, of: Shape) => {
    const child = addedFields(old, part, of, later);
    if (!child) return;
    fields[element] = child;
    count++;
  };
  if (shape.is === 'struct') {
    for (const name of namesIn(shape, after as Json)) {
      const part = (after as Json)[name];
      if (part !== undefined) add(`f:${name}`, ownValue(before as Json, name), part, partShape(shape, name));
    }
  } else {
    const parts = partsOf(after, shape);
    const isNew = isBlank(before);
    if (parts.count > partsAtOnce && isNew) {
      later.push(addNew(fields, parts, shape.of, later));
      return fields;
    }
    const had = isNew ? undefined : new Map(sorted(partsOf(before, shape)));
    // Most lists and maps of an object have one part.
    const inTurn = parts.count === 1 ? [parts.at(0)] : sorted(parts);
    for (const [element, part] of inTurn) add(element, had?.get(element), part, shape.of);
  }
  if (count > 0) return fields;
  return before === undefined ? place : undefined;
}

function* addNew(fields: FieldsV1, { count, at }: Parts, of: Shape, later: Later): Steps<void> {
  const parts: Part[] = [];
  for (let i = 0; i < count; i++) {
    parts.push(at(i));
    if (isLast(i)) yield;
  }
  inOrder(parts);
  yield;
  for (const [i, [element, part]] of parts.entries()) {
    fields[element] = addedFields(undefined, part, of, later) ?? place;
    if (isLast(i)) yield;
  }
}

const isLast = (i: number) => i % partsAtOnce === partsAtOnce - 1;

type Part = [element: string, value: unknown];

/** Holds the parts of a map or a list; each is made when it is asked for. */
interface Parts {
  count: number;
  at(i: number): Part;
}

function partsOf(value: unknown, shape: Extract<Shape, { is: 'map' | 'list' }>): Parts {
  if (shape.is === 'map') {
    const keys = Object.keys(value as Json);
    return { count: keys.length, at: (i) => [`f:${keys[i]}`, (value as Json)[keys[i]!]] };
  }
  const items = (value ?? []) as unknown[];
  return { count: items.length, at: (i) => [elementOf(items[i], shape.keys), items[i]] };
}

const sorted = ({ count, at }: Parts): Part[] => inOrder(Array.from({ length: count }, (_, i) => at(i)));

/** Sorts the parts by their elements. Those of a map mostly are. */
function inOrder(parts: Part[]): Part[] {
  const isSorted = parts.every(([element], i) => i === 0 || parts[i - 1]![0] <= element);
  return isSorted ? parts : parts.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Returns where undeclared fields may stand, those of the value itself. */
const namesIn = ({ names, others }: StructShape, value: Json): readonly string[] =>
  others.is === 'leaf' ? names : Object.keys(value).sort();
