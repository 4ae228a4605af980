import { Duration, type Failure, fail, noSuchOverload, Timestamp, Uint, type Value } from './value.ts';

/** Negative, zero or positive; a Failure when the two have no order. */
export function compare(left: Value, right: Value): number | Failure {
  if (isNumeric(left) && isNumeric(right)) return compareNumbers(left, right);
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right);
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (left instanceof Uint8Array && right instanceof Uint8Array) return Buffer.compare(left, right);
  if (left instanceof Duration && right instanceof Duration) return sign(left.nanoseconds, right.nanoseconds);
  if (left instanceof Timestamp && right instanceof Timestamp)
    return sign(left.nanoseconds, right.nanoseconds);
  return noSuchOverload();
}

type Numeric = bigint | number | Uint;
const isNumeric = (value: Value): value is Numeric =>
  typeof value === 'bigint' || typeof value === 'number' || value instanceof Uint;

/** An integer and a double compare as doubles, so that neighbours of large integers are the same. */
function compareNumbers(left: Numeric, right: Numeric): number | Failure {
  const a = left instanceof Uint ? left.value : left;
  const b = right instanceof Uint ? right.value : right;
  if (Number.isNaN(a) || Number.isNaN(b)) return fail('NaN values cannot be ordered');
  return typeof a === typeof b ? sign(a, b) : sign(Number(a), Number(b));
}

const sign = (a: bigint | number, b: bigint | number): number => (a < b ? -1 : a > b ? 1 : 0);

/** Orders by code points, as Go orders UTF-8; the code units of surrogate pairs would sort before U+E000. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0;
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) < rank(b) ? -1 : 1;
  }
  return left.length < right.length ? -1 : 1;
}

const rank = (unit: number): number => (unit < 0xd800 ? unit : unit < 0xe000 ? unit + 0x2000 : unit - 0x800);
