import { expect, test } from '@jest/globals';
import { findDuplicateFields } from './duplicates.ts';

test.each([
  { text: '{"a":1,"b":{"a":1}}', found: [] },
  { text: '{"a":1,"a":2,"a":3}', found: ['a'] },
  { text: '{"m":{"n":[{"x":1},{"y":1,"y":2}]}}', found: ['m.n[1].y'] },
  { text: '{"a" : 1, "\\u0061" : 2}', found: ['a'] },
  { text: '{"a":"\\"b\\":","b":"{\\\\","c":[1,[2,{"d":1,"d":1}]]}', found: ['c[1][1].d'] },
  { text: '{"z":{"k":1,"k":2},"y":1,"y":2}', found: ['z.k', 'y'] },
])('$text', ({ text, found }) => {
  const expected = found.map((path) => `duplicate field "${path}"`);
  expect(findDuplicateFields(text)).toEqual(expected);
  expect(findDuplicateFields(text, JSON.parse(text))).toEqual(expected);
});
