import { parseQuantity } from '../../../../meta/quantity.ts';

/**
 * Amounts as Kubernetes compares them here: rounded up, in thousandths where none of them is too large for that.
 * `perUnit` says how many of them make one.
 */
export function inSameUnit(...amounts: string[]): { values: number[]; perUnit: number } {
  const nanos = amounts.map((amount) => parseQuantity(amount) ?? 0n);
  const isSmall = nanos.every((amount) => roundedUp(amount, nano) <= mostInThousandths);
  const unit = isSmall ? nano / 1000n : nano;
  return { values: nanos.map((amount) => Number(roundedUp(amount, unit))), perUnit: isSmall ? 1000 : 1 };
}

const nano = 10n ** 9n;
const mostInThousandths = ((1n << 63n) - 1n) / 1000n;

const roundedUp = (nanos: bigint, unit: bigint): bigint =>
  nanos > 0n ? (nanos + unit - 1n) / unit : nanos / unit;
