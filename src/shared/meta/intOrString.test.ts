import { expect, test } from '@jest/globals';
import { scaledValue } from './intOrString.ts';

test.each([
  ['25%', 3, 'up', 1],
  ['25%', 3, 'down', 0],
  ['25%', 10, 'up', 3],
  ['100%', 7, 'down', 7],
  [2, 10, 'up', 2],
  [undefined, 10, 'up', 0],
  ['abc', 10, 'up', 0],
] as const)('%s of %d rounded %s is %d', (value, total, round, result) => {
  expect(scaledValue(value, total, round)).toBe(result);
});
