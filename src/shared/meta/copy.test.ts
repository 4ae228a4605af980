import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { copyOf } from './copy.ts';

test('a copy is the same, and shares no part with what it was made of', () => {
  const isSharing = (a: unknown, b: unknown): boolean =>
    typeof a === 'object' &&
    a !== null &&
    (a === b || Object.keys(a).some((key) => isSharing(a[key as never], (b as object)[key as never])));
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const copy = copyOf(value);
      expect(copy).toEqual(value);
      expect(isSharing(value, copy)).toBe(false);
    }),
  );
});

test('names of Object.prototype are members like others', () => {
  const value = JSON.parse('{"__proto__":{"a":1},"constructor":2}') as object;
  const copy = copyOf(value);
  expect(JSON.stringify(copy)).toBe('{"__proto__":{"a":1},"constructor":2}');
  expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
});
