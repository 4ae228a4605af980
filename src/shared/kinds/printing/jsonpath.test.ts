import { expect, test } from '@jest/globals';
import { fillTemplate, firstOfPath, valuesAt } from './jsonpath.ts';

const list = {
  items: [
    {
      metadata: { name: 'a', labels: { 'x.y/z': '1' } },
      n: 1,
      conditions: [{ type: 'Ready', status: 'True' }],
    },
    { metadata: { name: 'b' }, n: 2, conditions: [{ type: 'Ready', status: 'False' }] },
    { metadata: { name: 'c' }, n: 3 },
  ],
};

test.each([
  ['{.items[*].metadata.name}', 'a b c'],
  ['.items[0].metadata.name', 'a'],
  ['{.items[-1].metadata.name}', 'c'],
  ['{.items[-1:].metadata.name}', 'c'],
  ['{.items[0:2].metadata.name}', 'a b'],
  ['{$.items[1].n}', '2'],
  ['{..name}', 'a b c'],
  ["{.items[0].metadata.labels['x.y/z']}", '1'],
  ['{.items[0].metadata.labels.x\\.y/z}', '1'],
  ['{.items[?(@.n>1)].metadata.name}', 'b c'],
  ['{.items[?(@.metadata.name=="b")].n}', '2'],
  ['{.items[?(@.conditions)].metadata.name}', 'a b'],
  ['{range .items[*]}{.metadata.name}{"\\t"}{.n}{"\\n"}{end}', 'a\t1\nb\t2\nc\t3\n'],
  ['{range .items[*]}{.conditions[?(@.type=="Ready")].status},{end}', 'True,False,,'],
  ['names: {.items[*].n}!', 'names: 1 2 3!'],
  ['{.items[0].metadata}', '{"labels":{"x.y/z":"1"},"name":"a"}'],
  ['{.nothing.here}', ''],
])('%s', (template, text) => expect(fillTemplate(template, list)).toBe(text));

test.each(['{range .items[*]}{.n}', '{end}', '{.items[?]}', '{.items'])('%s is refused', (template) => {
  expect(() => fillTemplate(template, list)).toThrow(/jsonpath|template/);
});

test.each(['.metadata.name', 'metadata.name', '{.metadata.name}'])('a path may be written as %s', (path) => {
  expect(valuesAt(path, list.items[0])).toEqual(['a']);
});

test.each(['.items[*].n', '.items[?(@.n>1)].n', '..status', '.items[*].none', '.items[1].n'])(
  'the first of %s is the first of all',
  (path) => {
    expect(firstOfPath(path)(list)).toEqual(valuesAt(path, list)[0]);
  },
);

test('who asks for the first of very many values does not wait for all of them', () => {
  const hundred: unknown[] = Array.from({ length: 100 }, () => 1);
  const nested = [1, 2, 3, 4, 5].reduce<unknown[]>(
    (inner) => Array.from({ length: 100 }, () => inner),
    hundred,
  );
  expect(firstOfPath('.a[*][*][*][*][*][*]')({ a: nested })).toBe(1);
});
