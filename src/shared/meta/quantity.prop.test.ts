import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { compareQuantities, parseQuantity } from './quantity.ts';

const suffixes = ['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'Ki', 'Mi', 'Gi', 'Ti', 'e3', 'E-3'];
const quantity = fc
  .tuple(fc.nat(99999), fc.nat(999), fc.constantFrom(...suffixes))
  .map(([whole, fraction, suffix]) => `${whole}.${fraction}${suffix}`);

test('a sign turns the amount around and the order with it', () => {
  fc.assert(
    fc.property(quantity, quantity, (a, b) => {
      expect(parseQuantity(`-${a}`)).toBe(-parseQuantity(a)!);
      expect(compareQuantities(`-${a}`, `-${b}`)).toBe(compareQuantities(b, a));
    }),
  );
});

test('a larger suffix is more', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), (n) => {
      const order = ['n', 'u', 'm', '', 'k', 'Ki', 'M', 'Mi', 'G', 'Gi'].map((suffix) => `${n}${suffix}`);
      expect(order.toSorted(compareQuantities)).toEqual(order);
    }),
  );
});
