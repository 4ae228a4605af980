import { remembering } from './remembering.ts';
import { table } from './table.ts';

/** Amounts such as 250m or 1Gi as exact numbers; their canonical text is made by kinds/schema/quantity.ts. */
const exponents: Record<string, bigint> = table({
  n: 1n,
  u: 10n ** 3n,
  m: 10n ** 6n,
  '': 10n ** 9n,
  k: 10n ** 12n,
  M: 10n ** 15n,
  G: 10n ** 18n,
  T: 10n ** 21n,
  P: 10n ** 24n,
  E: 10n ** 27n,
});
const binary: Record<string, bigint> = table({ Ki: 10n, Mi: 20n, Gi: 30n, Ti: 40n, Pi: 50n, Ei: 60n });

/** The amount in billionths, undefined when the text is no quantity. */
export const parseQuantity = remembering({ most: 1_000 }, (text: string | number): bigint | undefined => {
  const match = /^([+-]?)(\d*)(?:\.(\d*))?(?:([eE][+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)$/.exec(
    String(text).trim(),
  );
  if (!match || (!match[2] && !match[3])) return undefined;
  const [, sign, whole = '', fraction = '', exponent, suffix = ''] = match;
  const unit = Object.hasOwn(binary, suffix) ? (10n ** 9n) << binary[suffix]! : exponents[suffix]!;
  const power = BigInt(exponent ? Number(exponent.slice(1)) : 0) - BigInt(fraction.length);
  const digits = BigInt(`${whole}${fraction}` || '0') * unit;
  const nanos = power >= 0n ? digits * 10n ** power : (digits + 10n ** -power - 1n) / 10n ** -power;
  return sign === '-' ? -nanos : nanos;
});

/** No amount that anybody has takes more. */
const longestText = 64;
const hugePower = /[eE][+-]?\d{4,}$/;

/** Returns whether a value of somebody else is a quantity, and one that takes no time to read. */
export const isReadable = (value: unknown): boolean => {
  const text = typeof value === 'number' ? String(value) : value;
  if (typeof text !== 'string' || text.length > longestText || hugePower.test(text)) return false;
  return parseQuantity(text) !== undefined;
};

/** Negative, zero or positive; texts that are no quantities count as zero. */
export function compareQuantities(a: string | number, b: string | number): number {
  const difference = (parseQuantity(a) ?? 0n) - (parseQuantity(b) ?? 0n);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}
