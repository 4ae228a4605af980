import { expect, test } from '@jest/globals';
import { problemsInOrder } from './duplicates.ts';

test.each([
  { text: '{"a":1,"b":{"a":1}}', found: [] },
  { text: '{"a":1,"a":2,"a":3}', found: ['a'] },
  { text: '{"m":{"n":[{"x":1},{"y":1,"y":2}]}}', found: ['m.n[1].y'] },
  { text: '{"a" : 1, "\\u0061" : 2}', found: ['a'] },
  { text: '{"a":"\\"b\\":","b":"{\\\\","c":[1,[2,{"d":1,"d":1}]]}', found: ['c[1][1].d'] },
  { text: '{"z":{"k":1,"k":2},"y":1,"y":2}', found: ['z.k', 'y'] },
])('$text', ({ text, found }) => {
  const expected = found.map((path) => `duplicate field "${path}"`);
  expect(problemsInOrder(text, JSON.parse(text), [])).toEqual(expected);
});

test('B17: unknown and repeated fields are told in the order of the text, nothing below an unknown one', () => {
  const text =
    '{"metadata":{"name":"s","name":"t"},"foo":{"a":1,"a":2},"1":1,"data":{"2":"1","2":"2"},"foo":3,"0":0}';
  // An object lists keys that are numbers first.
  const unknown = ['0', '1', 'foo'].map((field) => `unknown field "${field}"`);
  expect(problemsInOrder(text, JSON.parse(text), unknown)).toEqual([
    'duplicate field "metadata.name"',
    'unknown field "foo"',
    'unknown field "1"',
    'duplicate field "data.2"',
    'unknown field "0"',
  ]);
});
