import { index, optionalIndex, optionalSelect } from '../parse/ast.ts';
import { mapInsert } from '../parse/twoVariableMacros.ts';
import { boolType, dynType, intType, listOf, mapOf, optionalOf, stringType } from '../types/type.ts';
import { Dict, EntryDict } from '../values/dict.ts';
import { ArrayList, List } from '../values/list.ts';
import { show } from '../values/show.ts';
import { Struct } from '../values/struct.ts';
import {
  Duration,
  fail,
  failed,
  noSuchOverload,
  Optional,
  type Outcome,
  Uint,
  type Value,
} from '../values/value.ts';
import { A, B, declare, declareDynamic, method, plain } from './declare.ts';

/** Returns whether a value is what its type has when nothing was set. */
function isZero(value: Value): boolean {
  if (value === null || value === false || value === 0n || value === 0 || value === '') return true;
  if (value instanceof Uint) return value.value === 0n;
  if (value instanceof Uint8Array) return value.length === 0;
  if (value instanceof Duration) return value.nanoseconds === 0n;
  if (value instanceof Optional) return value.value === undefined;
  if (value instanceof Struct) return value.isZero;
  return (value instanceof List || value instanceof Dict) && value.size === 0;
}

const ofA = optionalOf(A);
const planned = (): Outcome => noSuchOverload();
const end =
  (first: boolean) =>
  ([value]: readonly Value[]): Outcome => {
    const list = value as List;
    if (list.size === 0) return Optional.none;
    const found = list.at(first ? 0 : list.size - 1);
    return failed(found) ? found : new Optional(found);
  };

function unwrap([value]: readonly Value[]): Outcome {
  const all = (value as List).all();
  if (!Array.isArray(all)) return all;
  const wrong = all.find((element) => !(element instanceof Optional));
  if (wrong !== undefined) return fail(`value ${show(wrong)} is not optional`);
  return new ArrayList(all.flatMap((element) => (element as Optional).value ?? []));
}

/** Values that may be missing; `or` and `orValue` are the evaluator's, since they leave their argument alone. */
export const optionals = [
  declare(
    'optional.of',
    plain('optional_of', [A], ofA, ([value = null]) => new Optional(value)),
  ),
  declare(
    'optional.ofNonZeroValue',
    plain('optional_ofNonZeroValue', [A], ofA, ([value = null]) =>
      isZero(value) ? Optional.none : new Optional(value),
    ),
  ),
  declare(
    'optional.none',
    plain('optional_none', [], ofA, () => Optional.none),
  ),
  declare(
    'value',
    method(
      'optional_value',
      [ofA],
      A,
      ([value]) => (value as Optional).value ?? fail('optional.none() dereference'),
    ),
  ),
  declare(
    'hasValue',
    method('optional_hasValue', [ofA], boolType, ([value]) => (value as Optional).value !== undefined),
  ),
  declareDynamic('or', planned, ['optional_or_optional', [ofA, ofA], ofA, 'method']),
  declareDynamic('orValue', planned, ['optional_orValue_value', [ofA, A], A, 'method']),
  declareDynamic(optionalSelect, planned, ['select_optional_field', [dynType, stringType], ofA]),
  declareDynamic(
    optionalIndex,
    planned,
    ['list_optindex_optional_int', [listOf(A), intType], ofA],
    ['optional_list_optindex_optional_int', [optionalOf(listOf(A)), intType], ofA],
    ['map_optindex_optional_value', [mapOf(B, A), B], ofA],
    ['optional_map_optindex_optional_value', [optionalOf(mapOf(B, A)), B], ofA],
  ),
  declareDynamic(
    index,
    planned,
    ['optional_list_index_int', [optionalOf(listOf(A)), intType], ofA],
    ['optional_map_index_value', [optionalOf(mapOf(B, A)), B], ofA],
  ),
  declare('last', method('list_last', [listOf(A)], ofA, end(false))),
  declare('first', method('list_first', [listOf(A)], ofA, end(true))),
  declare('optional.unwrap', plain('optional_unwrap', [listOf(ofA)], listOf(A), unwrap)),
  declare('unwrapOpt', method('optional_unwrapOpt', [listOf(ofA)], listOf(A), unwrap)),
];

/** The map that a loop builds. No expression can name it, so it may change in place. */
class BuiltDict extends EntryDict {
  add(key: Value, value: Outcome): Outcome {
    if (failed(value)) return value;
    return this.find(key) === undefined
      ? this.set(key, value)
      : fail(`insert failed: key ${show(key)} already exists`);
  }
}

const built = (into: Value): BuiltDict => {
  if (into instanceof BuiltDict) return into;
  const dict = new BuiltDict();
  for (const key of (into as Dict).keys()) dict.add(key, (into as Dict).find(key) ?? null);
  return dict;
};

function insertAll([into = null, entries]: readonly Value[]): Outcome {
  const dict = built(into);
  for (const key of (entries as Dict).keys()) {
    const added = dict.add(key, (entries as Dict).find(key) ?? null);
    if (failed(added)) return added;
  }
  return dict;
}

/** Is what the macros of two variables call. */
export const mapBuilding = [
  declare(
    mapInsert,
    plain(
      '@mapInsert_map_key_value',
      [mapOf(A, B), A, B],
      mapOf(A, B),
      ([into = null, key = null, value = null]) => built(into).add(key, value),
    ),
    plain('@mapInsert_map_map', [mapOf(A, B), mapOf(A, B)], mapOf(A, B), insertAll),
  ),
];
