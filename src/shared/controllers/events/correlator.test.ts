import { expect, test } from '@jest/globals';
import { Correlator } from './correlator.ts';

const facts = (message: string) => ({ type: 'Normal' as const, reason: 'ScalingReplicaSet', message });

test('the tenth similar Event begins the combined one, which then counts on', () => {
  const correlator = new Correlator();
  let n = 0;
  const all = Array.from({ length: 12 }, (_, i) =>
    correlator.correlate('uid', facts(`m${i}`), 0, () => `e${n++}`),
  );
  expect(all.slice(0, 9).map((c) => c.action)).toEqual(Array(9).fill('create'));
  expect(all[9]).toMatchObject({ action: 'create', message: '(combined from similar events): m9', count: 1 });
  expect(all[11]).toMatchObject({ action: 'count', name: 'e9', count: 3 });
});

test('a repetition is counted, a flood is dropped', () => {
  const correlator = new Correlator();
  const once = () => correlator.correlate('uid', facts('same'), 0, () => 'e');
  expect([once(), once()]).toMatchObject([{ action: 'create' }, { action: 'count', count: 2 }]);
  for (let i = 0; i < 23; i++) once();
  expect(once()).toEqual({ action: 'drop' });
});
