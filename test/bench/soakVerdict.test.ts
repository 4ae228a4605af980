import { expect, test } from '@jest/globals';
import { type Sample, verdict } from '../../bench/soak/verdict.ts';

const samples = (of: (n: number) => Partial<Sample>): Sample[] =>
  Array.from({ length: 40 }, (_, n) => ({
    minute: n,
    memory: 100,
    mapped: 80,
    heap: 40,
    files: 30,
    lateMs: 12,
    ...of(n),
  }));

test.each<[string, Sample[], boolean]>([
  ['the same all the time', samples(() => ({})), true],
  ['warming up at first', samples((n) => ({ memory: n < 8 ? 60 + n * 5 : 100 })), true],
  ['up and down with collections', samples((n) => ({ heap: n % 2 ? 38 : 50 })), true],
  ['memory that grows', samples((n) => ({ memory: 100 + 2 * n })), false],
  ['files that stay open', samples((n) => ({ files: 30 + n })), false],
  ['an event loop that gets slower', samples((n) => ({ lateMs: 10 + 3 * n })), false],
])('%s', (_, list, isFlat) => expect(verdict(list).isFlat).toBe(isFlat));

test('too few samples say nothing', () => {
  expect(verdict(samples(() => ({})).slice(0, 5)).isFlat).toBe(false);
});
