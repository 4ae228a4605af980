import { expect, test } from '@jest/globals';
import { kept } from './survey.ts';

test.each<[string, Record<string, string[]>, string[]]>([
  ['what nobody owns', { a: [], b: [] }, ['a', 'b']],
  ['what belongs to something that is there', { a: [], b: ['a'], c: ['b'] }, ['a', 'b', 'c']],
  ['not what belongs to nothing that is there', { a: ['gone'], b: ['a'], c: [] }, ['c']],
  ['what belongs to one that is there and one that is not', { a: [], b: ['a', 'gone'] }, ['a', 'b']],
])('kept is %s', (_what, owners, uids) => {
  expect([...kept(new Map(Object.entries(owners)))]).toEqual(uids);
});
