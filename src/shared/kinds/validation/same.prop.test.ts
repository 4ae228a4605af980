import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isSame } from './same.ts';

test('a value is the same as its copy', () => {
  fc.assert(fc.property(fc.jsonValue(), (value) => isSame(value, JSON.parse(JSON.stringify(value)))));
});

test('values are the same both ways or neither', () => {
  fc.assert(fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => isSame(a, b) === isSame(b, a)));
});

test.each([
  { a: {}, b: { x: undefined }, same: true },
  { a: {}, b: { x: [] }, same: true },
  { a: undefined, b: {}, same: false },
  { a: { x: 0 }, b: {}, same: false },
  { a: [1, 2], b: [2, 1], same: false },
  { a: { x: 1, y: 2 }, b: { y: 2, x: 1 }, same: true },
  { a: [{}], b: {}, same: false },
])('$a and $b: $same', ({ a, b, same }) => expect(isSame(a, b)).toBe(same));
