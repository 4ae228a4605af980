import { expect, test } from '@jest/globals';
import { parsedOnce } from './parsed.ts';

const bytesOf = (name: string, data = '') => Buffer.from(JSON.stringify({ metadata: { name }, data }));

test('an object whose bytes are the same array is parsed once', () => {
  const [kept, other] = [bytesOf('a'), bytesOf('b')];
  const [first] = parsedOnce([kept]);
  const [same, another] = parsedOnce([kept, other]);
  expect(same).toBe(first);
  expect(another).toEqual({ metadata: { name: 'b' }, data: '' });
  expect(parsedOnce([Buffer.from(kept)])[0]).not.toBe(first);
});

test('of a long list nothing is remembered', () => {
  const long = Array.from({ length: 5 }, (_, i) => bytesOf(`n${i}`, 'x'.repeat(1024 * 1024)));
  const [first] = parsedOnce(long);
  const [again] = parsedOnce(long);
  expect(again).toEqual(first);
  expect(again).not.toBe(first);
});
