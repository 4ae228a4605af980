import { Dict } from '../../values/dict.ts';
import { formatDouble } from '../../values/double.ts';
import { formatDuration } from '../../values/duration.ts';
import { List } from '../../values/list.ts';
import { formatTimestamp } from '../../values/timestamp.ts';
import { typeName } from '../../values/typeOf.ts';
import {
  Duration,
  fail,
  failed,
  type Outcome,
  Timestamp,
  TypeValue,
  Uint,
  type Value,
} from '../../values/value.ts';
import { type Clause, FormatMistake, formatParts, refusal } from './clauses.ts';
import { fixed, nested, scientific } from './numbers.ts';

/** The text that a format makes of its arguments. */
export function formatText(format: string, args: List): Outcome {
  let text = '';
  let used = 0;
  try {
    for (const part of formatParts(format)) {
      if ('text' in part) {
        text += part.text;
        continue;
      }
      if (used >= args.size) return fail(`index ${used} out of range`);
      const arg = args.at(used++);
      if (failed(arg)) return arg;
      text += clauses[part.clause](arg, part.precision);
    }
    return text;
  } catch (error) {
    if (!(error instanceof FormatMistake)) throw error;
    return fail(
      used >= args.size && error.message.startsWith('could not')
        ? `index ${used} out of range`
        : error.message,
    );
  }
}

type Write = (value: Value, precision: number | undefined) => string;

const refuse = (clause: Clause, value: Value): never => {
  throw new FormatMistake(refusal(clause, typeName(value)));
};
const integer = (value: Value): bigint | undefined =>
  typeof value === 'bigint' ? value : value instanceof Uint ? value.value : undefined;

const inBase =
  (clause: Clause, base: number): Write =>
  (value) =>
    integer(value)?.toString(base) ?? refuse(clause, value);

const special = new Set(['NaN', 'Infinity', '-Infinity']);
/** A double, or one of the strings that stand for what JSON has no number for. */
const double = (clause: Clause, write: (value: number, precision: number) => string): Write => {
  return (value, precision = 6) => {
    const number = typeof value === 'string' && special.has(value) ? Number(value) : value;
    return typeof number === 'number' ? write(number, precision) : refuse(clause, value);
  };
};

function hexadecimal(value: Value): string {
  if (typeof value === 'string') return Buffer.from(value).toString('hex');
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return integer(value)?.toString(16) ?? refuse('x', value);
}

const clauses: Record<Clause, Write> = {
  s: asString,
  d: inBase('d', 10),
  f: double('f', fixed),
  e: double('e', scientific),
  b: (value) => (typeof value === 'boolean' ? String(Number(value)) : inBase('b', 2)(value, undefined)),
  x: hexadecimal,
  X: (value) => hexadecimal(value).toUpperCase(),
  o: inBase('o', 8),
};

function asString(value: Value): string {
  if (value instanceof List) return listText(value);
  if (value instanceof Dict) return dictText(value);
  if (value === null) return 'null';
  if (typeof value === 'string' || typeof value === 'boolean' || typeof value === 'bigint')
    return String(value);
  if (typeof value === 'number') return formatDouble(value);
  if (value instanceof Uint) return String(value.value);
  if (value instanceof Uint8Array) return new TextDecoder().decode(value);
  if (value instanceof Timestamp) return formatTimestamp(value);
  if (value instanceof Duration) return formatDuration(value);
  return value instanceof TypeValue ? value.name : refuse('s', value);
}

function listText(list: List): string {
  const values = list.all();
  if (!Array.isArray(values)) throw new FormatMistake(values.message);
  return `[${values.map(within).join(', ')}]`;
}

function dictText(dict: Dict): string {
  const entries = Array.from(dict.keys(), (key) => {
    const value = dict.find(key) ?? null;
    if (failed(value)) throw new FormatMistake(value.message);
    if (typeof key !== 'string' && typeof key !== 'boolean' && integer(key) === undefined)
      throw new FormatMistake(
        `error during formatting: no formatting function for map key of type ${typeName(key)}`,
      );
    return [within(key), within(value)] as const;
  });
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, value]) => `${key}:${value}`).join(', ')}}`;
}

/** A value within a list or map, as an expression would write it. */
function within(value: Value): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (value instanceof Uint8Array) return `b${JSON.stringify(new TextDecoder().decode(value))}`;
  if (value instanceof Timestamp) return `timestamp("${formatTimestamp(value)}")`;
  if (value instanceof Duration) return `duration("${formatDuration(value)}")`;
  if (typeof value === 'number') return nested(value);
  return asString(value);
}
