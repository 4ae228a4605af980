import {
  boolType,
  bytesType,
  doubleType,
  durationType,
  dynType,
  intType,
  stringType,
  type Type,
  timestampType,
  typeOf,
  uintType,
} from '../../types/type.ts';
import { formatDouble, parseDouble } from '../../values/double.ts';
import { formatDuration, parseDuration } from '../../values/duration.ts';
import { floorDivide, formatTimestamp, parseTimestamp, timestampAt } from '../../values/timestamp.ts';
import { typeName } from '../../values/typeOf.ts';
import {
  Duration,
  type Failure,
  fail,
  type Outcome,
  type Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '../../values/value.ts';
import { A, declare, declareDynamic, plain } from '../declare.ts';
import { int, uint } from './arithmetic.ts';

const unreadable = (value: Value, to: Type): Failure =>
  fail(`type conversion error from '${typeName(value)}' to '${to.name}'`);

type Convert = (value: Value) => Outcome | undefined;

/** A conversion: what does not convert fails with both types. */
function conversion(id: string, from: Type, to: Type, convert: Convert) {
  return plain(id, [from], to, ([value = null]) => convert(value) ?? unreadable(value, to));
}

const truths: Record<string, boolean> = Object.fromEntries([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true]),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false]),
]);
const readBool: Convert = (value) => truths[value as string];

function readInt(text: string): Outcome | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = int(BigInt(text.replace('+', '')));
  return typeof value === 'bigint' ? value : undefined;
}
function readUint(text: string): Outcome | undefined {
  if (!/^\d+$/.test(text)) return undefined;
  const value = uint(BigInt(text));
  return value instanceof Uint ? value : undefined;
}

const limit = 2 ** 63;
const doubleToInt = (value: number): Outcome =>
  Number.isNaN(value) || value <= -limit || value >= limit
    ? fail('integer overflow')
    : BigInt(Math.trunc(value));
const doubleToUint = (value: number): Outcome =>
  Number.isNaN(value) || value < 0 || value >= 2 * limit
    ? fail('unsigned integer overflow')
    : new Uint(BigInt(Math.trunc(value)));

function decode(bytes: Uint8Array): Outcome {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return fail('invalid UTF-8 in bytes, cannot convert to string');
  }
}

const same: Convert = (value) => value;
const second = 1_000_000_000n;

export const conversions = [
  declareDynamic('type', ([value = null]) => new TypeValue(typeName(value)), ['type', [A], typeOf(A)]),
  declareDynamic('dyn', ([value = null]) => value, ['to_dyn', [A], dynType]),
  declare(
    'bool',
    conversion('bool_to_bool', boolType, boolType, same),
    conversion('string_to_bool', stringType, boolType, readBool),
  ),
  declare(
    'bytes',
    conversion('bytes_to_bytes', bytesType, bytesType, same),
    conversion('string_to_bytes', stringType, bytesType, (value) =>
      new TextEncoder().encode(value as string),
    ),
  ),
  declare(
    'double',
    conversion('double_to_double', doubleType, doubleType, same),
    conversion('int64_to_double', intType, doubleType, (value) => Number(value)),
    conversion('string_to_double', stringType, doubleType, (value) => parseDouble(value as string)),
    conversion('uint64_to_double', uintType, doubleType, (value) => Number((value as Uint).value)),
  ),
  declare(
    'duration',
    conversion('duration_to_duration', durationType, durationType, same),
    conversion('int64_to_duration', intType, durationType, (value) => new Duration(value as bigint)),
    conversion('string_to_duration', stringType, durationType, (value) => parseDuration(value as string)),
  ),
  declare(
    'int',
    conversion('int64_to_int64', intType, intType, same),
    conversion('double_to_int64', doubleType, intType, (value) => doubleToInt(value as number)),
    conversion('duration_to_int64', durationType, intType, (value) => (value as Duration).nanoseconds),
    conversion('string_to_int64', stringType, intType, (value) => readInt(value as string)),
    conversion('timestamp_to_int64', timestampType, intType, (value) =>
      floorDivide((value as Timestamp).nanoseconds, second),
    ),
    conversion('uint64_to_int64', uintType, intType, (value) => int((value as Uint).value)),
  ),
  declare(
    'string',
    conversion('string_to_string', stringType, stringType, same),
    conversion('bool_to_string', boolType, stringType, String),
    conversion('bytes_to_string', bytesType, stringType, (value) => decode(value as Uint8Array)),
    conversion('double_to_string', doubleType, stringType, (value) => formatDouble(value as number)),
    conversion('duration_to_string', durationType, stringType, (value) => formatDuration(value as Duration)),
    conversion('int64_to_string', intType, stringType, String),
    conversion('timestamp_to_string', timestampType, stringType, (value) =>
      formatTimestamp(value as Timestamp),
    ),
    conversion('uint64_to_string', uintType, stringType, (value) => String((value as Uint).value)),
  ),
  declare(
    'timestamp',
    conversion('timestamp_to_timestamp', timestampType, timestampType, same),
    conversion('int64_to_timestamp', intType, timestampType, (value) =>
      timestampAt((value as bigint) * second),
    ),
    conversion('string_to_timestamp', stringType, timestampType, (value) => parseTimestamp(value as string)),
  ),
  declare(
    'uint',
    conversion('uint64_to_uint64', uintType, uintType, same),
    conversion('double_to_uint64', doubleType, uintType, (value) => doubleToUint(value as number)),
    conversion('int64_to_uint64', intType, uintType, (value) => uint(value as bigint)),
    conversion('string_to_uint64', stringType, uintType, (value) => readUint(value as string)),
  ),
];

/** Functions whose result for a literal is known before the evaluation. */
export const conversionNames: ReadonlySet<string> = new Set(conversions.map(({ name }) => name));
