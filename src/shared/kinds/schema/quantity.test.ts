import { expect, test } from '@jest/globals';
import { canonicalQuantity } from './quantity.ts';

test.each([
  ['0', '0'],
  ['0Mi', '0'],
  ['-0', '0'],
  ['100m', '100m'],
  ['1000m', '1'],
  ['0.5', '500m'],
  ['1.5', '1500m'],
  ['1.500', '1.500'],
  ['1024Mi', '1Gi'],
  ['1.5Gi', '1536Mi'],
  ['1536', '1536'],
  ['512Ki', '512Ki'],
  ['1000Ki', '1000Ki'],
  ['0.5Ki', '512'],
  ['0.001Ki', '1024m'],
  ['1e3', '1e3'],
  ['12e2', '1200'],
  ['1E', '1E'],
  ['1000k', '1M'],
  ['-1.5', '-1500m'],
  ['1n', '1n'],
  ['0.1n', '1n'],
  ['.5', '500m'],
  ['5.', '5.'],
  ['.', '0'],
  ['-', '0'],
  [2, '2'],
  [0.25, '250m'],
  ['16Ei', '9223372036854775807'],
])('%s is %s', (text, canonical) => {
  expect(canonicalQuantity(text)).toBe(canonical);
  expect(canonicalQuantity(canonical)).toBe(canonical);
});

test.each(['', 'x', '1 0', '1.2.3', 'NaN', {}, true])('%j has the wrong format', (input) => {
  expect(() => canonicalQuantity(input)).toThrow('quantities must match the regular expression');
});

test.each(['1KiB', '1Kii', '1e', '1e999999999', '1mm'])('%s has no suffix that exists', (input) => {
  expect(() => canonicalQuantity(input)).toThrow(/suffix|must match/);
});
