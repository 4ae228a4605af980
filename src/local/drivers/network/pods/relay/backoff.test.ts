import { expect, test } from '@jest/globals';
import { backoff } from './backoff.ts';

test('what fails at once is tried ever later, up to five minutes; what ran for longer than it is to wait begins anew', () => {
  const { after } = backoff();
  const waits = Array.from({ length: 12 }, () => after(10));
  expect(waits.slice(0, 4)).toEqual([500, 1000, 2000, 4000]);
  expect(waits.slice(-2)).toEqual([300_000, 300_000]);
  expect(after(300_001)).toBe(500);
  expect(after(1000)).toBe(1000);
  expect(after(2001)).toBe(500);
});
