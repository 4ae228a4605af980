import { negate, not, operators } from '../../parse/ast.ts';
import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  intType,
  listOf,
  stringType,
  timestampType,
  uintType,
} from '../../types/type.ts';
import { List } from '../../values/list.ts';
import { timestampAt } from '../../values/timestamp.ts';
import {
  Duration,
  type Failure,
  fail,
  noSuchOverload,
  type Outcome,
  Timestamp,
  Uint,
  type Value,
} from '../../values/value.ts';
import { A, declareDynamic, notFor } from '../declare.ts';

const most = 2n ** 63n;

export const int = (value: bigint): bigint | Failure =>
  value >= most || value < -most ? fail('integer overflow') : value;
export const uint = (value: bigint): Uint | Failure =>
  value < 0n || value >= 2n * most ? fail('unsigned integer overflow') : new Uint(value);
export const duration = (nanoseconds: bigint): Duration | Failure =>
  nanoseconds >= most || nanoseconds < -most ? fail('integer overflow') : new Duration(nanoseconds);

/** Describes what an operator does to two numbers of the same type. */
interface Numbers {
  readonly int: (a: bigint, b: bigint) => bigint | Failure;
  readonly double?: (a: number, b: number) => number;
}

/** The result for numbers of one type; undefined when the left side is no number. */
function numeric(left: Value, right: Value, by: Numbers): Outcome | undefined {
  if (typeof left === 'bigint') {
    const result = typeof right === 'bigint' ? by.int(left, right) : noSuchOverload();
    return typeof result === 'bigint' ? int(result) : result;
  }
  if (left instanceof Uint) {
    const result = right instanceof Uint ? by.int(left.value, right.value) : noSuchOverload();
    return typeof result === 'bigint' ? uint(result) : result;
  }
  if (typeof left !== 'number' || !by.double) return undefined;
  return typeof right === 'number' ? by.double(left, right) : noSuchOverload();
}

function add([left = null, right = null]: readonly Value[]): Outcome {
  const sum = numeric(left, right, { int: (a, b) => a + b, double: (a, b) => a + b });
  if (sum !== undefined) return sum;
  if (typeof left === 'string') return typeof right === 'string' ? left + right : noSuchOverload();
  if (left instanceof List) return right instanceof List ? left.plus(right) : noSuchOverload();
  if (left instanceof Uint8Array)
    return right instanceof Uint8Array ? Uint8Array.from([...left, ...right]) : noSuchOverload();
  if (left instanceof Timestamp)
    return right instanceof Duration
      ? timestampAt(left.nanoseconds + right.nanoseconds, left.zone)
      : noSuchOverload();
  if (!(left instanceof Duration)) return notFor(operators['+'], left);
  if (right instanceof Duration) return duration(left.nanoseconds + right.nanoseconds);
  return right instanceof Timestamp
    ? timestampAt(left.nanoseconds + right.nanoseconds, right.zone)
    : noSuchOverload();
}

function subtract([left = null, right = null]: readonly Value[]): Outcome {
  const difference = numeric(left, right, { int: (a, b) => a - b, double: (a, b) => a - b });
  if (difference !== undefined) return difference;
  if (left instanceof Duration && right instanceof Duration)
    return duration(left.nanoseconds - right.nanoseconds);
  if (!(left instanceof Timestamp)) return notFor(operators['-'], left);
  if (right instanceof Duration) return timestampAt(left.nanoseconds - right.nanoseconds, left.zone);
  return right instanceof Timestamp ? duration(left.nanoseconds - right.nanoseconds) : noSuchOverload();
}

const byNumbers =
  (name: string, by: Numbers) =>
  ([left = null, right = null]: readonly Value[]): Outcome =>
    numeric(left, right, by) ?? notFor(name, left);

const multiply = byNumbers(operators['*'], { int: (a, b) => a * b, double: (a, b) => a * b });
const divide = byNumbers(operators['/'], {
  int: (a, b) => (b === 0n ? fail('division by zero') : a / b),
  double: (a, b) => a / b,
});
const modulo = byNumbers(operators['%'], { int: (a, b) => (b === 0n ? fail('modulus by zero') : a % b) });

function minus([value = null]: readonly Value[]): Outcome {
  if (typeof value === 'bigint') return int(-value);
  return typeof value === 'number' ? -value : notFor(negate, value);
}

function invert([value = null]: readonly Value[]): Outcome {
  return typeof value === 'boolean' ? !value : noSuchOverload();
}

const two = <T>(type: T): [T, T] => [type, type];

export const arithmetic = [
  declareDynamic(
    operators['+'],
    add,
    ['add_bytes', two(bytesType), bytesType],
    ['add_double', two(doubleType), doubleType],
    ['add_duration_duration', two(durationType), durationType],
    ['add_duration_timestamp', [durationType, timestampType], timestampType],
    ['add_timestamp_duration', [timestampType, durationType], timestampType],
    ['add_int64', two(intType), intType],
    ['add_list', two(listOf(A)), listOf(A)],
    ['add_string', two(stringType), stringType],
    ['add_uint64', two(uintType), uintType],
  ),
  declareDynamic(
    operators['-'],
    subtract,
    ['subtract_double', two(doubleType), doubleType],
    ['subtract_duration_duration', two(durationType), durationType],
    ['subtract_int64', two(intType), intType],
    ['subtract_timestamp_duration', [timestampType, durationType], timestampType],
    ['subtract_timestamp_timestamp', two(timestampType), durationType],
    ['subtract_uint64', two(uintType), uintType],
  ),
  ...(
    [
      ['*', 'multiply', multiply],
      ['/', 'divide', divide],
    ] as const
  ).map(([symbol, name, run]) =>
    declareDynamic(
      operators[symbol],
      run,
      [`${name}_double`, two(doubleType), doubleType],
      [`${name}_int64`, two(intType), intType],
      [`${name}_uint64`, two(uintType), uintType],
    ),
  ),
  declareDynamic(
    operators['%'],
    modulo,
    ['modulo_int64', two(intType), intType],
    ['modulo_uint64', two(uintType), uintType],
  ),
  declareDynamic(
    negate,
    minus,
    ['negate_double', [doubleType], doubleType],
    ['negate_int64', [intType], intType],
  ),
  declareDynamic(not, invert, ['logical_not', [boolType], boolType]),
];
