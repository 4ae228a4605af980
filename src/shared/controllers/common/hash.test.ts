import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { canonical, same } from './hash.ts';

const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, 0, 1, '', 'a', true, false),
    fc.array(tie('any'), { maxLength: 2 }),
    fc.dictionary(fc.constantFrom('a', 'b', 'valueOf'), tie('any'), { maxKeys: 2 }),
  ),
})).any;

test('values are the same when they are written the same', () => {
  const seen = new Set<boolean>();
  fc.assert(
    fc.property(value, value, (a, b) => {
      const isSame = canonical(a) === canonical(b);
      seen.add(isSame);
      expect(same(a, b)).toBe(isSame);
      expect(same(b, a)).toBe(isSame);
      expect(same(a, structuredClone(a))).toBe(true);
    }),
    { numRuns: 2000 },
  );
  expect(seen.size).toBe(2);
});

test.each([
  [{ a: undefined }, {}, true],
  [{ a: null }, {}, false],
  [{ a: undefined }, { a: 1 }, false],
  [{ a: 1, b: { c: [2] } }, { b: { c: [2] }, a: 1 }, true],
  [[undefined], [null], true],
  [[], {}, false],
  [{ 0: 'a' }, ['a'], false],
])('%j and %j: %s', (a, b, expected) => {
  expect([same(a, b), canonical(a) === canonical(b)]).toEqual([expected, expected]);
});
