import { expect, test } from '@jest/globals';
import { secondsIn } from './time.ts';

test.each([
  ['90s', 90],
  ['30m', 1_800],
  ['4h', 14_400],
  ['2d', 172_800],
  ['1h30m', 5_400],
  ['', Number.NaN],
  ['0s', Number.NaN],
  ['4', Number.NaN],
  ['4 h', Number.NaN],
  ['-4h', Number.NaN],
  ['h', Number.NaN],
  ['1.5h', Number.NaN],
])('%j is %d seconds', (text, seconds) => {
  expect(secondsIn(text)).toBe(seconds);
});
