import { Dict } from './dict.ts';
import { List } from './list.ts';
import { Duration, type Failure, Opaque, Optional, Timestamp, TypeValue, Uint, type Value } from './value.ts';

/**
 * `==` of any two values. Numbers compare by value whatever their types; other types never equal each other. Only
 * values of libraries and of schemas may refuse to be compared.
 */
export function equal(left: Value, right: Value): boolean | Failure {
  if (left === null || right === null) return left === right;
  switch (typeof left) {
    case 'string':
    case 'boolean':
      return left === right;
    case 'bigint':
    case 'number':
      return numericallyEqual(left, right);
  }
  if (left instanceof Uint) return numericallyEqual(left.value, right);
  if (left instanceof List) return right instanceof List ? left.equals(right) : false;
  if (left instanceof Dict) return right instanceof Dict ? left.equals(right) : false;
  if (left instanceof Opaque) return left.equals(right);
  if (left instanceof Uint8Array) return right instanceof Uint8Array && sameBytes(left, right);
  if (left instanceof Optional) return sameOptional(left, right);
  if (left instanceof TypeValue) return right instanceof TypeValue && left.name === right.name;
  if (left instanceof Duration) return right instanceof Duration && left.nanoseconds === right.nanoseconds;
  return right instanceof Timestamp && left.nanoseconds === right.nanoseconds;
}

/** An integer and a double compare as doubles. */
function numericallyEqual(left: bigint | number, right: Value): boolean {
  const other = right instanceof Uint ? right.value : right;
  if (typeof other !== 'bigint' && typeof other !== 'number') return false;
  return typeof left === typeof other ? left === other : Number(left) === Number(other);
}

function sameOptional(left: Optional, right: Value): boolean | Failure {
  if (!(right instanceof Optional)) return false;
  if (left.value === undefined || right.value === undefined) return left.value === right.value;
  return equal(left.value, right.value);
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}
