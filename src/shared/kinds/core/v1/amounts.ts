import { compareQuantities, parseQuantity } from '../../../meta/quantity.ts';
import { ownValue } from '../../../meta/table.ts';
import { formatOf, quantityText } from '../../schema/quantity.ts';

/** Quantities by resource name, in canonical text, as objects hold them. */
export type Amounts = Record<string, string>;

/** Written as Kubernetes writes a sum: in the form of the first part that is not zero. */
export function added(a: string, b: string, sign: 1n | -1n = 1n): string {
  const [left, right] = [parseQuantity(a) ?? 0n, parseQuantity(b) ?? 0n];
  return quantityText(left + sign * right, formatOf(left === 0n ? b : a));
}

/** Adds each amount of `more` to `total`. */
export function addTo(total: Amounts, more: Amounts = {}): void {
  for (const [name, amount] of Object.entries(more)) {
    const before = ownValue(total, name);
    total[name] = before === undefined ? amount : added(before, amount);
  }
}

/** Raises the amounts of `total` to those of `least`. */
export function raiseTo(total: Amounts, least: Amounts): void {
  for (const [name, amount] of Object.entries(least)) {
    const before = ownValue(total, name);
    if (before === undefined || compareQuantities(amount, before) > 0) total[name] = amount;
  }
}

/** Returns whether a quantity is nothing, however that is written. */
export const isZero = (amount: string): boolean => parseQuantity(amount) === 0n;

/** Only those that are named, by name. */
export const only = (amounts: Amounts, names: (name: string) => boolean): Amounts =>
  Object.fromEntries(
    Object.entries(amounts)
      .filter(([name]) => names(name))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
