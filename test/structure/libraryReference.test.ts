import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { declarations } from '../../tools/declarations.ts';
import { path, referencePage } from '../../tools/libraryReference.ts';

// The compiler makes them, which takes seconds.
const made = declarations();

test('docs/library-reference.md is what `npm run update` writes', () => {
  expect(readFileSync(path, 'utf8')).toBe(referencePage(made));
});

test('the declarations of the library refer to nothing but themselves and what users have installed', () => {
  const texts = [...made];
  expect(texts.map(([name]) => name).sort()).toEqual([
    'apiError',
    'index',
    'jest',
    'testing',
    'types',
    'vitest',
  ]);
  const specifiers = texts.flatMap(([, text]) =>
    [...text.matchAll(/from '([^']+)'/g)].map(([, from]) => from),
  );
  expect([...new Set(specifiers)].sort()).toEqual([
    './apiError.js',
    './index.js',
    './testing.js',
    './types.js',
    'jest-environment-node',
    'vitest',
  ]);
});
