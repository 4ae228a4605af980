import { expect, test } from '@jest/globals';
import { goDurationFault } from './goDuration.ts';

// As Go 1.25 answers.
test.each([
  ['-1m', undefined],
  ['+2µs', undefined],
  ['0', undefined],
  ['-0', undefined],
  ['1.s', undefined],
  ['.5s', undefined],
  ['1h30m0.5s', undefined],
  ['', 'time: invalid duration ""'],
  ['invalid', 'time: invalid duration "invalid"'],
  ['.', 'time: invalid duration "."'],
  ['..s', 'time: invalid duration "..s"'],
  ['5', 'time: missing unit in duration "5"'],
  ['1h30', 'time: missing unit in duration "1h30"'],
  ['1.5.5s', 'time: missing unit in duration "1.5.5s"'],
  ['5x', 'time: unknown unit "x" in duration "5x"'],
  ['3 s', 'time: unknown unit " s" in duration "3 s"'],
])('a duration of %p: %p', (text, fault) => {
  expect(goDurationFault(text)).toBe(fault);
});
