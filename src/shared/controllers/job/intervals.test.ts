import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Interval, sizeOfCommon, withIndexes } from './intervals.ts';

const indexes = fc.uniqueArray(fc.integer({ min: 0, max: 60 }), { maxLength: 40 });

test('what two sets have in common is counted as one would count it', () => {
  fc.assert(
    fc.property(indexes, indexes, (a, b) => {
      const both = a.filter((index) => b.includes(index)).length;
      expect(sizeOfCommon(withIndexes([], a), withIndexes([], b))).toBe(both);
    }),
  );
});

test('of thousands of intervals each is looked at a few times', () => {
  let looks = 0;
  const counting = (offset: number) =>
    Array.from({ length: 2000 }, (_, i): Interval => {
      const at = 4 * i + offset;
      return {
        get first() {
          looks++;
          return at;
        },
        last: at,
      };
    });
  expect(sizeOfCommon(counting(0), counting(2))).toBe(0);
  expect(looks).toBeLessThan(4 * 4000);
});
