import { operators } from '../../parse/ast.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  stringType,
  type Type,
  timestampType,
  uintType,
} from '../../types/type.ts';
import { compare } from '../../values/compare.ts';
import { Dict } from '../../values/dict.ts';
import { List } from '../../values/list.ts';
import { Opaque, Optional, type Outcome, TypeValue, type Value } from '../../values/value.ts';
import { declareDynamic, notFor, type Signature } from '../declare.ts';

/** The orders that cel-go declares, with the names of its signatures; numbers of different types have one too. */
const ordered: readonly [string, Type, Type][] = [
  ['bool', boolType, boolType],
  ['int64', intType, intType],
  ['int64_double', intType, doubleType],
  ['int64_uint64', intType, uintType],
  ['uint64', uintType, uintType],
  ['uint64_double', uintType, doubleType],
  ['uint64_int64', uintType, intType],
  ['double', doubleType, doubleType],
  ['double_int64', doubleType, intType],
  ['double_uint64', doubleType, uintType],
  ['string', stringType, stringType],
  ['bytes', bytesType, bytesType],
  ['timestamp', timestampType, timestampType],
  ['duration', durationType, durationType],
];

const unordered = (value: Value): boolean =>
  value === null || [List, Dict, TypeValue, Optional, Opaque].some((kind) => value instanceof kind);

const relations = [
  ['<', 'less', (order: number) => order < 0],
  ['<=', 'less_equals', (order: number) => order <= 0],
  ['>', 'greater', (order: number) => order > 0],
  ['>=', 'greater_equals', (order: number) => order >= 0],
] as const;

export const comparisons = relations.map(([symbol, name, holds]) => {
  const operator = operators[symbol];
  const run = ([left = null, right = null]: readonly Value[]): Outcome => {
    if (unordered(left)) return notFor(operator, left);
    const order = compare(left, right);
    return typeof order === 'number' ? holds(order) : order;
  };
  const signatures = ordered.map(([suffix, a, b]): Signature => [`${name}_${suffix}`, [a, b], boolType]);
  return declareDynamic(operator, run, ...signatures);
});
