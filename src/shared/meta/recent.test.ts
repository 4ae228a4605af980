import { expect, test } from '@jest/globals';
import { Recent } from './recent.ts';

test('what was kept first is forgotten first, once it is more than the bound', () => {
  const forgotten: number[] = [];
  const holders = [1, 2, 3, 4].map((n) => ({ forget: () => void forgotten.push(n) }));
  const recent = new Recent(10);
  for (const holder of holders.slice(0, 3)) recent.keeps(holder, 6);
  expect(forgotten).toEqual([1]);
  recent.keeps(holders[3]!, 1);
  expect(forgotten).toEqual([1, 2]);
});
