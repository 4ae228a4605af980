import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { type Lender, lend } from './borrowing.ts';
import { Demand } from './demand.ts';
import { limitsOf, mostSeatsOf } from './limits.ts';

const level = (
  name: string,
  nominal: number,
  lendable: number,
  highest: number,
  smoothed = highest,
): Lender => ({
  name,
  isExempt: name === 'exempt',
  limits: { nominal, min: nominal - lendable, max: nominal + 600 },
  current: nominal,
  demand: { average: smoothed, deviation: 0, highest, smoothed },
});
const seats = (...levels: Lender[]) => Object.fromEntries(lend(levels).current);

describe('seats are lent', () => {
  test('by a level that does not use them, down to what it keeps', () => {
    expect(seats(level('idle', 100, 90, 0), level('busy', 50, 0, 500))).toEqual({ idle: 10, busy: 140 });
  });

  test('and come back as soon as it could use them', () => {
    expect(seats(level('back', 100, 90, 100), level('busy', 50, 0, 500))).toEqual({ back: 100, busy: 50 });
  });

  test('to several by what they want', () => {
    expect(seats(level('idle', 100, 100, 0), level('a', 10, 0, 60), level('b', 10, 0, 60))).toEqual({
      idle: 0,
      a: 60,
      b: 60,
    });
  });

  test('to nobody while the exempt level takes all', () => {
    expect(seats(level('exempt', 0, 0, 500), level('a', 100, 50, 100), level('b', 100, 50, 0))).toEqual({
      exempt: 500,
      a: 50,
      b: 50,
    });
  });

  test('so that together there are never more than the server has, and none has fewer than it keeps', () => {
    const levels = fc.array(
      fc.record({
        nominal: fc.integer({ min: 1, max: 300 }),
        percent: fc.integer({ min: 0, max: 100 }),
        highest: fc.nat(400),
        smoothed: fc.double({ min: 0, max: 400, noNaN: true }),
      }),
      { minLength: 1, maxLength: 8 },
    );
    fc.assert(
      fc.property(levels, (each) => {
        const lenders = each.map(({ nominal, percent, highest, smoothed }, i) =>
          level(`l${i}`, nominal, Math.round((nominal * percent) / 100), highest, smoothed),
        );
        const { current } = lend(lenders);
        const all = lenders.reduce((sum, { limits }) => sum + limits.nominal, 0);
        // Each is rounded.
        expect([...current.values()].reduce((sum, n) => sum + n, 0)).toBeLessThanOrEqual(
          all + each.length / 2,
        );
        for (const { name, limits, demand } of lenders)
          expect(current.get(name)).toBeGreaterThanOrEqual(
            Math.max(limits.min, Math.min(limits.nominal, demand.highest)),
          );
      }),
      { numRuns: 1000 },
    );
  });
});

test('the limits of the levels that a cluster begins with', () => {
  const spec = (name: string, shares: number, lendablePercent: number) => ({
    ...{ name, uid: '', shares, lendablePercent },
    isExempt: name === 'exempt',
  });
  const limits = limitsOf(
    [
      spec('exempt', 0, 0),
      spec('catch-all', 5, 0),
      spec('global-default', 20, 50),
      spec('leader-election', 10, 0),
      spec('node-high', 40, 25),
      spec('system', 30, 33),
      spec('workload-high', 40, 50),
      spec('workload-low', 100, 90),
    ],
    600,
  );
  expect([...limits].map(([name, { nominal, min }]) => [name, nominal, min])).toEqual([
    ['exempt', 0, 0],
    ['catch-all', 13, 13],
    ['global-default', 49, 24],
    ['leader-election', 25, 25],
    ['node-high', 98, 73],
    ['system', 74, 50],
    ['workload-high', 98, 49],
    ['workload-low', 245, 24],
  ]);
});

// k8s.io/apiserver, max_seats_test.go
test.each([
  [5, 6, 1],
  [10, 6, 1],
  [15, 6, 2],
  [20, 6, 3],
  [35, 6, 5],
  [100, 6, 15],
  [200, 6, 30],
  [10, 1, 2],
  [100, 20, 5],
])('of %i seats and a hand of %i a request takes at most %i', (nominal, handSize, most) => {
  expect(mostSeatsOf(nominal, handSize)).toBe(most);
});

test('demand is an average over time with its deviation, and forgotten slowly', () => {
  const demand = new Demand(0);
  demand.set(10, 5000);
  demand.set(0, 10_000);
  expect(demand.turn(10_000, 1)).toEqual({ average: 5, deviation: 5, highest: 10, smoothed: 10 });
  expect(demand.turn(20_000, 1)).toMatchObject({ average: 0, highest: 0, smoothed: 9.77 });
  // Five minutes are half of it.
  expect(demand.turn(320_000, 30).smoothed).toBeCloseTo(9.77 / 2, 1);
});
