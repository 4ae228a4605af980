import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { allocate } from './allocate.ts';

const slack = 1e-6;
const claimant = fc
  .record({
    lower: fc.double({ min: 0, max: 4, noNaN: true }),
    above: fc.double({ min: 0, max: 2, noNaN: true }),
    room: fc.double({ min: 0, max: 3, noNaN: true }),
  })
  .map(({ lower, above, room }) => ({ lower, target: lower + above, upper: lower + room }));

test('each gets its proportion, or the bound that keeps it from that, and all of it is given', () => {
  fc.assert(
    fc.property(fc.array(claimant, { maxLength: 9 }), fc.nat(60), (claimants, sum) => {
      const lowest = claimants.reduce((all, { lower }) => all + lower, 0);
      const highest = claimants.reduce((all, { upper }) => all + upper, 0);
      const found = allocate(sum, claimants);
      if (lowest - sum > slack || sum - highest > slack) return expect(found).toBeUndefined();
      if (Math.abs(lowest - sum) < slack || Math.abs(sum - highest) < slack) return;
      expect(found!.amounts.reduce((all, amount) => all + amount, 0)).toBeCloseTo(sum, 5);
      if (sum === 0) return;
      claimants.forEach(({ lower, upper, target }, i) => {
        const fair = found!.proportion * Math.max(target, 0.001);
        expect(Math.abs(found!.amounts[i]! - Math.min(upper, Math.max(lower, fair)))).toBeLessThan(slack);
      });
    }),
    { numRuns: 2000 },
  );
});
