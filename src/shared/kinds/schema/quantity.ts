/** Quantities in the form Kubernetes writes them: 1500m, 512Mi, 1e3; the shortest suffix that loses nothing. */
import { remembering } from '../../meta/remembering.ts';
import { table } from '../../meta/table.ts';
import { DecodeError } from './decode-error.ts';

const wrongFormat =
  "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'";
const wrongSuffix = "unable to parse quantity's suffix";

const decimal: Record<string, number> = table({
  n: -9,
  u: -6,
  m: -3,
  '': 0,
  k: 3,
  M: 6,
  G: 9,
  T: 12,
  P: 15,
  E: 18,
});
const binary: Record<string, number> = table({ Ki: 10, Mi: 20, Gi: 30, Ti: 40, Pi: 50, Ei: 60 });
const decimalSuffix = new Map(Object.entries(decimal).map(([suffix, exponent]) => [exponent, suffix]));
const binarySuffix = new Map(Object.entries(binary).map(([suffix, exponent]) => [exponent, suffix]));
const largestBinary = (1n << 63n) - 1n;
const nano = 10n ** 9n;

/** More digits than any amount has, and few enough that arithmetic on them takes no time. */
const longest = 1000;

type Format = 'decimal' | 'binary' | 'exponent';

const longestKnown = 20;

/** Throws a DecodeError with the text of a real server. A number is read as its decimal text. */
export const canonicalQuantity = (input: unknown): string =>
  typeof input === 'string' && input.length <= longestKnown ? known(input) : canonical(input);

const known = remembering<string, string>({ most: 500 }, canonical);

function canonical(input: unknown): string {
  const text = ['string', 'number', 'bigint'].includes(typeof input) ? String(input).trim() : '';
  if (text.length > longest) throw new DecodeError(wrongFormat);
  if (text === '0') return text;
  const match = /^([+-]?)(\d*)(?:\.(\d*))?([eEinumkKMGTP]*[-+]?\d*)$/.exec(text);
  if (!match || text === '') throw new DecodeError(wrongFormat);
  const [, sign, whole = '', fraction = '', suffix = ''] = match;
  const { format, exponent } = interpret(suffix);

  const digits = whole.replace(/^0+/, '') || '0';
  if (isCanonical(digits, fraction, format, exponent)) return text;
  const nanos = toNanos(BigInt(digits + fraction), fraction.length, format, exponent);
  return quantityText(sign === '-' ? -nanos : nanos, format);
}

/** The text of an amount in billionths. Binary suffixes count whole units, and no more than fit in 63 bits. */
export function quantityText(nanos: bigint, format: Format): string {
  let amount = nanos < 0n ? -nanos : nanos;
  let form = format;
  if (format === 'binary') {
    if (amount > largestBinary * nano) amount = largestBinary * nano;
    if (amount < 1024n * nano || amount % nano !== 0n) form = 'decimal';
  }
  const body = form === 'binary' ? inBinary(amount / nano) : inDecimal(amount, form);
  return nanos < 0n ? `-${body}` : body;
}

/** Returns how a quantity was written; sums are written as their first part was. */
export const formatOf = (text: string): Format =>
  /i$/.test(text) ? 'binary' : /[eE][-+]?\d+$/.test(text) ? 'exponent' : 'decimal';

function interpret(suffix: string): { format: Format; exponent: number } {
  if (decimal[suffix] !== undefined) return { format: 'decimal', exponent: decimal[suffix] };
  if (binary[suffix] !== undefined) return { format: 'binary', exponent: binary[suffix] };
  const exponent = /^[eE]([-+]?\d+)$/.exec(suffix);
  // Far beyond what any amount needs, and before the digits fill the memory.
  if (!exponent || Math.abs(Number(exponent[1])) > 400) throw new DecodeError(wrongSuffix);
  return { format: 'exponent', exponent: Number(exponent[1]) };
}

/** Returns whether Kubernetes keeps the text as it was given. */
function isCanonical(digits: string, fraction: string, format: Format, exponent: number): boolean {
  if (format === 'binary') {
    const precision = 15 - digits.length - Math.trunc(Math.fround((exponent * 3) / 10)) - 1;
    return fraction === '' && precision >= 0 && (BigInt(digits) & 7n) !== 0n;
  }
  const scale = exponent - fraction.length;
  const all = digits + fraction;
  return all.length <= 18 && scale >= -9 && scale % 3 === 0 && !all.endsWith('000') && all[0] !== '0';
}

/** Amounts below a billionth are rounded up: who asks for a little gets a little. */
function toNanos(digits: bigint, places: number, format: Format, exponent: number): bigint {
  const scale = 9 - places + (format === 'binary' ? 0 : exponent);
  const value = format === 'binary' ? digits << BigInt(exponent) : digits;
  if (scale >= 0) return value * 10n ** BigInt(scale);
  const divisor = 10n ** BigInt(-scale);
  return (value + divisor - 1n) / divisor;
}

function inDecimal(nanos: bigint, format: Format): string {
  if (nanos === 0n) return '0';
  let amount = nanos;
  let exponent = -9;
  // Suffixes end at E; an exponent does not.
  while (amount % 1000n === 0n && (format === 'exponent' || exponent < 18)) {
    amount /= 1000n;
    exponent += 3;
  }
  if (format === 'exponent') return `${amount}${exponent === 0 ? '' : `e${exponent}`}`;
  return `${amount}${decimalSuffix.get(exponent)}`;
}

function inBinary(whole: bigint): string {
  let amount = whole;
  let exponent = 0;
  while (amount % 1024n === 0n && exponent < 60) {
    amount /= 1024n;
    exponent += 10;
  }
  return `${amount}${binarySuffix.get(exponent) ?? ''}`;
}
