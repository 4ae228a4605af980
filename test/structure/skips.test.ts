import { expect, test } from '@jest/globals';
import { sources } from '../../tools/structure/sources.ts';

test('C8: tests are skipped for a reason that is counted, by test/support/needs.ts alone', () => {
  const found = ['src', 'test', 'infra', 'lambdas']
    .flatMap((folder) => sources(folder, { tests: true }))
    .filter(({ path }) => path.startsWith('test/') || path.endsWith('.test.ts'))
    .filter(({ text }) => /\b(?:test|it|describe)\.(?:skip|only|todo)\b|\bx(?:test|describe)\(/.test(text))
    .map(({ path }) => path);
  expect(found).toEqual(['test/support/needs.ts']);
});
