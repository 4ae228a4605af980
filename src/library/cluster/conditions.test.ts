import { describe, expect, test } from '@jest/globals';
import type { KubeObject } from '../types.ts';
import { describedState, wantedOf } from './conditions.ts';

const web = (fields: object, generation = 1): KubeObject => ({
  metadata: { name: 'web', generation },
  ...fields,
});
const available = (status: string, more: object = {}) =>
  web({ status: { conditions: [{ type: 'Available', status, ...more }] } });

describe('what is waited for', () => {
  test.each<{ wanted: Parameters<typeof wantedOf>[0]; object: KubeObject | undefined; holds: boolean }>([
    { wanted: 'Available', object: available('True'), holds: true },
    { wanted: 'available=true', object: available('True'), holds: true },
    { wanted: 'Available', object: available('False'), holds: false },
    { wanted: 'Available=False', object: available('False'), holds: true },
    { wanted: 'Ready', object: available('True'), holds: false },
    { wanted: 'Ready', object: web({}), holds: false },
    { wanted: 'Ready', object: undefined, holds: false },
    { wanted: 'deleted', object: undefined, holds: true },
    { wanted: 'deleted', object: web({}), holds: false },
    { wanted: 'exists', object: web({}), holds: true },
    { wanted: 'exists', object: undefined, holds: false },
    { wanted: () => true, object: web({}), holds: true },
    { wanted: () => true, object: undefined, holds: false },
  ])('$wanted of $object: $holds', ({ wanted, object, holds }) => {
    expect(wantedOf(wanted).holds(object)).toBe(holds);
  });

  test.each([
    { generation: 2, observed: 1, holds: false },
    { generation: 2, observed: 2, holds: true },
  ])('a condition of generation $observed, where the object has $generation: $holds', (row) => {
    const conditions = [{ type: 'Available', status: 'True' }];
    const status = { observedGeneration: row.observed, conditions };
    expect(wantedOf('Available').holds(web({ status }, row.generation))).toBe(row.holds);
  });

  test.each(['', 'a=b=c', '{.status.phase}=Running'])('%j is no condition', (wanted) => {
    expect(() => wantedOf(wanted)).toThrow('waitFor takes a condition such as Available');
  });
});

test.each([
  { object: undefined, text: 'it is not there' },
  { object: web({}), text: 'it has no status' },
  { object: web({ status: { replicas: 1 } }), text: 'its status is {"replicas":1}' },
  { object: web({ status: { phase: 'Pending' } }), text: 'it has phase Pending' },
  {
    object: available('False', { reason: 'TooFew', message: 'one of two' }),
    text: 'it has Available=False (TooFew: one of two)',
  },
])('who waited in vain reads: $text', ({ object, text }) => {
  expect(describedState(object)).toBe(text);
});
