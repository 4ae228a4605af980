import { expect, test } from '@jest/globals';
import { remembering } from './remembering.ts';

test('answers are kept as long as they are not too many, nor weigh too much together', () => {
  const made: number[] = [];
  const weigh = (key: number) => key;
  const find = remembering({ most: 3, mostWeight: 10, weigh }, (key: number) => {
    made.push(key);
    return -key;
  });
  for (const key of [1, 2, 1, 2]) expect(find(key)).toBe(-key);
  expect(made).toEqual([1, 2]);
  find(8);
  find(1);
  expect(made).toEqual([1, 2, 8, 1]);
  for (const key of [0, 9, 9]) find(key);
  expect(made).toEqual([1, 2, 8, 1, 0, 9]);
  for (const key of [12, 12, 0]) find(key);
  expect(made).toEqual([1, 2, 8, 1, 0, 9, 12, 0]);
});
