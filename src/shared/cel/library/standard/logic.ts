import { conditional, index, notStrictlyFalse, operators } from '../../parse/ast.ts';
import { boolType, bytesType, intType, listOf, mapOf, stringType } from '../../types/type.ts';
import { Dict } from '../../values/dict.ts';
import { equal } from '../../values/equal.ts';
import { List } from '../../values/list.ts';
import { sizeOf } from '../../values/typeOf.ts';
import { Failure, noSuchOverload, Opaque, type Outcome, type Value } from '../../values/value.ts';
import { A, B, declareDynamic, notFor } from '../declare.ts';

/** Returns what the evaluator does itself; the declarations serve the checker. */
const planned = (): Outcome => noSuchOverload();

function contains([value = null, within = null]: readonly Value[]): Outcome {
  if (within instanceof List) return within.contains(value);
  if (!(within instanceof Dict)) return noSuchOverload();
  const found = within.find(value);
  return found instanceof Failure ? found : found !== undefined;
}

function size([value = null]: readonly Value[]): Outcome {
  const count = value instanceof Opaque ? undefined : sizeOf(value);
  return count === undefined ? notFor('size', value) : BigInt(count);
}

export const logic = [
  declareDynamic(conditional, planned, ['conditional', [boolType, A, A], A]),
  declareDynamic(operators['&&'], planned, ['logical_and', [boolType, boolType], boolType]),
  declareDynamic(operators['||'], planned, ['logical_or', [boolType, boolType], boolType]),
  declareDynamic(notStrictlyFalse, planned, ['not_strictly_false', [boolType], boolType]),
  declareDynamic(operators['=='], ([a = null, b = null]) => equal(a, b), ['equals', [A, A], boolType]),
  declareDynamic(operators['!='], ([a = null, b = null]) => equal(a, b) !== true, [
    'not_equals',
    [A, A],
    boolType,
  ]),
  declareDynamic(index, planned, ['index_list', [listOf(A), intType], A], ['index_map', [mapOf(A, B), A], B]),
  declareDynamic(
    operators.in,
    contains,
    ['in_list', [A, listOf(A)], boolType],
    ['in_map', [A, mapOf(A, B)], boolType],
  ),
  declareDynamic(
    'size',
    size,
    ['size_bytes', [bytesType], intType],
    ['bytes_size', [bytesType], intType, 'method'],
    ['size_list', [listOf(A)], intType],
    ['list_size', [listOf(A)], intType, 'method'],
    ['size_map', [mapOf(A, B)], intType],
    ['map_size', [mapOf(A, B)], intType, 'method'],
    ['size_string', [stringType], intType],
    ['string_size', [stringType], intType, 'method'],
  ),
];
