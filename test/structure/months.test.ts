import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { path, sleepingPath, withMonths, withSleeping } from '../../tools/months.ts';

const page = readFileSync(path, 'utf8');

test('the table of months in docs/aws.md is what `npm run update` writes', () => {
  expect(page).toBe(withMonths(page));
});

test('a page without a place for it is named', () => {
  expect(() => withMonths('# On AWS')).toThrow('docs/aws.md has no place for months');
});

test('what sleeping costs in docs/scale-to-zero.md is what `npm run update` writes', () => {
  const sleeping = readFileSync(sleepingPath, 'utf8');
  expect(sleeping).toBe(withSleeping(sleeping));
  expect(() => withSleeping('# Scale to zero')).toThrow('docs/scale-to-zero.md has no place for prices');
});
