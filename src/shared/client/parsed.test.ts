import { expect, test } from '@jest/globals';
import { frozen } from '../../../test/support/frozen.ts';
import { parsedOnce, shareAs } from './parsed.ts';

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

test('what is shared can be frozen, so that whoever modifies it is found', () => {
  const kept = bytesOf('a');
  shareAs(frozen);
  try {
    const [shared] = parsedOnce([kept]);
    expect(() => {
      shared!.metadata.name = 'b';
    }).toThrow('read only');
  } finally {
    shareAs((object) => object);
  }
});
