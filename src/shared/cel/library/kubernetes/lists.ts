import { operators } from '../../parse/ast.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  listOf,
  stringType,
  type Type,
  timestampType,
  uintType,
} from '../../types/type.ts';
import { compare } from '../../values/compare.ts';
import { equal } from '../../values/equal.ts';
import type { List } from '../../values/list.ts';
import { Duration, fail, failed, type Outcome, Uint, type Value } from '../../values/value.ts';
import { A, declare, method } from '../declare.ts';
import { arithmetic } from '../standard/arithmetic.ts';

const comparable: readonly [string, Type][] = [
  ['int', intType],
  ['uint', uintType],
  ['double', doubleType],
  ['bool', boolType],
  ['duration', durationType],
  ['timestamp', timestampType],
  ['string', stringType],
  ['bytes', bytesType],
];
const summable: readonly [string, Type, Value][] = [
  ['int', intType, 0n],
  ['uint', uintType, new Uint(0n)],
  ['double', doubleType, 0],
  ['duration', durationType, new Duration(0n)],
];

const onAll =
  (run: (values: readonly Value[]) => Outcome) =>
  ([list]: readonly Value[]): Outcome => {
    const values = (list as List).all();
    return Array.isArray(values) ? run(values) : values;
  };

function isSorted(values: readonly Value[]): Outcome {
  for (let index = 1; index < values.length; index++) {
    const order = compare(values[index - 1]!, values[index]!);
    if (typeof order === 'number' && order > 0) return false;
  }
  return true;
}

/** The largest element (`sign` 1) or the smallest (-1); the first of equal ones. */
const extreme =
  (name: string, sign: 1 | -1) =>
  (values: readonly Value[]): Outcome => {
    if (values.length === 0) return fail(`${name} called on empty list`);
    return values.reduce((best, value) => {
      const order = compare(value, best);
      return typeof order === 'number' && order * sign > 0 ? value : best;
    });
  };

const plus = arithmetic.find(({ name }) => name === operators['+'])!.dynamic!;
const sum =
  (zero: Value) =>
  (values: readonly Value[]): Outcome => {
    let total: Outcome = zero;
    for (const value of values) {
      total = plus([total, value]);
      if (failed(total)) return total;
    }
    return total;
  };

/** The position of an element, searched from the front or from the back; -1 when it is not there. */
const search =
  (backwards: boolean) =>
  ([list, item = null]: readonly Value[]): Outcome => {
    const values = (list as List).all();
    if (!Array.isArray(values)) return values;
    const matches = (value: Value) => equal(value, item) === true;
    return BigInt(backwards ? values.findLastIndex(matches) : values.findIndex(matches));
  };

/** Kubernetes' own list functions. */
export const kubernetesLists = [
  declare(
    'isSorted',
    ...comparable.map(([name, type]) =>
      method(`list_${name}_is_sorted_bool`, [listOf(type)], boolType, onAll(isSorted)),
    ),
  ),
  declare(
    'sum',
    ...summable.map(([name, type, zero]) =>
      method(`list_${name}_sum_${name}`, [listOf(type)], type, onAll(sum(zero))),
    ),
  ),
  ...(['max', 'min'] as const).map((which) =>
    declare(
      which,
      ...comparable.map(([name, type]) =>
        method(
          `list_${name}_${which}_${name}`,
          [listOf(type)],
          type,
          onAll(extreme(which, which === 'max' ? 1 : -1)),
        ),
      ),
    ),
  ),
  declare('indexOf', method('list_a_index_of_int', [listOf(A), A], intType, search(false))),
  declare('lastIndexOf', method('list_a_last_index_of_int', [listOf(A), A], intType, search(true))),
];
