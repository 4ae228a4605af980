import { expect, test } from '@jest/globals';
import { validSpread } from './spread.ts';

const constraint = (topologyKey: string) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway' as const,
  labelSelector: {},
});

test('all but the last of those that say the same are told', () => {
  const causes = validSpread('spec', ['a', 'b', 'a', 'a'].map(constraint));
  expect(causes.map(({ field, reason }) => [field, reason])).toEqual([
    ['spec[0].{topologyKey, whenUnsatisfiable}', 'FieldValueDuplicate'],
    ['spec[2].{topologyKey, whenUnsatisfiable}', 'FieldValueDuplicate'],
  ]);
});

test('each of thousands is looked at a few times', () => {
  let looks = 0;
  const many = Array.from({ length: 2000 }, (_, i) => ({
    ...constraint(''),
    get topologyKey() {
      looks++;
      return `k${i}`;
    },
  }));
  expect(validSpread('spec', many)).toEqual([]);
  expect(looks).toBeLessThan(10 * many.length);
});
