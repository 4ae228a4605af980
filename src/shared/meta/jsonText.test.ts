import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import './integers.ts';
import { jsonText } from './jsonText.ts';
import { atOnce } from './steps.ts';

const long = fc.array(fc.constantFrom(1, null, undefined, 'x', {}), { minLength: 1000, maxLength: 2100 });
const wide = fc
  .nat({ max: 2100 })
  .map((count) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${count - i}`, i])));
const value = fc.oneof(
  fc.jsonValue(),
  long,
  wide,
  fc.constant({ a: undefined, __proto__: 1, 9: [10n ** 18n] }),
);

test('a text in steps is the text of JSON.stringify', () => {
  fc.assert(
    fc.property(fc.oneof(value, fc.dictionary(fc.string(), value), fc.array(value)), (any) => {
      expect(atOnce(jsonText(any))).toBe(JSON.stringify(any));
    }),
    { numRuns: 200 },
  );
});

test('nesting without end is written as well', () => {
  let deep: unknown = 1;
  for (let level = 0; level < 400; level++) deep = level % 2 ? { deep } : [deep];
  expect(atOnce(jsonText(deep))).toBe(JSON.stringify(deep));
});

test.each([
  ['a list', Array.from({ length: 30_000 }, (_, i) => ({ name: `N${i}` }))],
  ['a map', Object.fromEntries(Array.from({ length: 30_000 }, (_, i) => [`N${i}`, {}]))],
])('%s of 30,000 members takes 30 steps, wherever it stands', (_what, members) => {
  const steps = [...jsonText({ metadata: {}, spec: { containers: [{ members }] } })];
  expect(steps).toHaveLength(30);
});
