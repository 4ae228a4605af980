import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  listOf,
  stringType,
  type Type,
  timestampType,
  uintType,
} from '../types/type.ts';
import { compare } from '../values/compare.ts';
import { keyOf } from '../values/dict.ts';
import { equal } from '../values/equal.ts';
import { ArrayList, List } from '../values/list.ts';
import { step } from '../values/steps.ts';
import { typeName } from '../values/typeOf.ts';
import { type Failure, fail, failed, type Outcome, type Value } from '../values/value.ts';
import { A, declare, declareDynamic, method, plain } from './declare.ts';

const comparable: readonly Type[] = [
  ...[intType, uintType, doubleType, boolType],
  ...[durationType, timestampType, stringType, bytesType],
];

/** Runs on the elements of a list, when all of them can be read. */
const onAll =
  (run: (values: readonly Value[], args: readonly Value[]) => Outcome) =>
  (args: readonly Value[]): Outcome => {
    const values = (args[0] as List).all();
    return Array.isArray(values) ? run(values, args) : values;
  };

function slice(values: readonly Value[], [, start, end]: readonly Value[]): Outcome {
  const [from, to] = [start as bigint, end as bigint];
  const shown = `cannot slice(${from}, ${to})`;
  if (from < 0n || to < 0n) return fail(`${shown}, negative indexes not supported`);
  if (from > to) return fail(`${shown}, start index must be less than or equal to end index`);
  if (to > values.length) return fail(`${shown}, list is length ${values.length}`);
  return new ArrayList(values.slice(Number(from), Number(to)));
}

function flatten(values: readonly Value[], depth: bigint): Value[] | Failure {
  if (depth < 0n) return fail('level must be non-negative');
  const flat: Value[] = [];
  for (const value of values) {
    if (!(value instanceof List) || depth === 0n) {
      flat.push(value);
      continue;
    }
    const elements = value.all();
    const inner = Array.isArray(elements) ? flatten(elements, depth - 1n) : elements;
    if (!Array.isArray(inner)) return inner;
    for (const element of inner) flat.push(element);
  }
  return flat;
}

const asList = (values: Value[] | Failure): Outcome =>
  Array.isArray(values) ? new ArrayList(values) : values;

function flattened([list, depth = 1n]: readonly Value[]): Outcome {
  if (!(list instanceof List)) return fail(`no such overload: ${typeName(list ?? null)}.flatten()`);
  const values = list.all();
  return Array.isArray(values) ? asList(flatten(values, depth as bigint)) : values;
}

function sortBy(values: readonly Value[], keys: readonly Value[]): Outcome {
  if (values.length !== keys.length)
    return fail(
      `@sortByAssociatedKeys() expected a list of the same size as the associated keys list, but got ${values.length} and ${keys.length} elements respectively`,
    );
  if (values.length === 0) return new ArrayList([]);
  const type = typeName(keys[0]!);
  if (failed(compare(keys[0]!, keys[0]!) as Outcome) && type !== 'double')
    return fail('list elements must be comparable');
  if (keys.some((key) => typeName(key) !== type)) return fail('list elements must have the same type');
  const order = values.map((_, index) => index);
  order.sort((a, b) => {
    step();
    const by = compare(keys[a]!, keys[b]!);
    return typeof by === 'number' ? by : 0;
  });
  return new ArrayList(order.map((index) => values[index]!));
}

/** The first of each elements that are equal. Scalars are found in a set, so that long lists stay cheap. */
function distinct(values: readonly Value[]): Outcome {
  const scalars = new Set<unknown>();
  const others: Value[] = [];
  const kept = values.filter((value) => {
    const key = value === null ? null : keyOf(value);
    if (key !== undefined) return !scalars.has(key) && scalars.add(key);
    step(others.length);
    if (others.some((other) => equal(other, value) === true)) return false;
    others.push(value);
    return true;
  });
  return new ArrayList(kept);
}

const mostNumbers = 1_000_000n;
function range([count]: readonly Value[]): Outcome {
  const size = count as bigint;
  if (size > mostNumbers) return fail(`lists.range(${size}) is too large`);
  step(Math.max(0, Number(size)));
  return new ArrayList(Array.from({ length: Math.max(0, Number(size)) }, (_, index) => BigInt(index)));
}

/** The extended list functions, version 3. */
export const lists = [
  declare('slice', method('list_slice', [listOf(A), intType, intType], listOf(A), onAll(slice))),
  declareDynamic(
    'flatten',
    flattened,
    ['list_flatten', [listOf(listOf(A))], listOf(A), 'method'],
    ['list_flatten_int', [listOf(dynType), intType], listOf(dynType), 'method'],
  ),
  declare(
    'sort',
    ...comparable.map((type) =>
      method(
        `list_${type.name}_sort`,
        [listOf(type)],
        listOf(type),
        onAll((values) => sortBy(values, values)),
      ),
    ),
  ),
  declare(
    '@sortByAssociatedKeys',
    ...comparable.map((type) =>
      method(
        `list_${type.name}_sortByAssociatedKeys`,
        [listOf(A), listOf(type)],
        listOf(A),
        onAll((values, args) => {
          const keys = (args[1] as List).all();
          return Array.isArray(keys) ? sortBy(values, keys) : keys;
        }),
      ),
    ),
  ),
  declare('lists.range', plain('lists_range', [intType], listOf(intType), range)),
  declare(
    'reverse',
    method(
      'list_reverse',
      [listOf(A)],
      listOf(A),
      onAll((values) => new ArrayList(values.toReversed())),
    ),
  ),
  declare('distinct', method('list_distinct', [listOf(A)], listOf(A), onAll(distinct))),
];

const contains = (list: List, sublist: List): boolean | Failure => {
  for (let index = 0; index < sublist.size; index++) {
    const element = sublist.at(index);
    const found = failed(element) ? element : list.contains(element);
    if (found !== true) return found;
  }
  return true;
};

function intersects(left: List, right: List): Outcome {
  for (let index = 0; index < left.size; index++) {
    const element = left.at(index);
    if (!failed(element) && right.contains(element) === true) return true;
  }
  return false;
}

const two = [listOf(A), listOf(A)];
const onTwo =
  (run: (left: List, right: List) => Outcome) =>
  ([left, right]: readonly Value[]): Outcome =>
    run(left as List, right as List);

/** Lists as sets. */
export const sets = [
  declare('sets.contains', plain('list_sets_contains_list', two, boolType, onTwo(contains))),
  declare(
    'sets.equivalent',
    plain(
      'list_sets_equivalent_list',
      two,
      boolType,
      onTwo((left, right) => {
        const all = contains(left, right);
        return all === true ? contains(right, left) : all;
      }),
    ),
  ),
  declare('sets.intersects', plain('list_sets_intersects_list', two, boolType, onTwo(intersects))),
];
