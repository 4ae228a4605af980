import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../meta/object.ts';
import { fateOf, type OwnerState, unblockedOwners } from './plan.ts';

const owner = (uid: string, blockOwnerDeletion = true) => ({
  apiVersion: 'v1',
  kind: 'Pod',
  name: uid,
  uid,
  blockOwnerDeletion,
});
const object = (...uids: string[]): KubeObject => ({
  metadata: { name: 'o', ownerReferences: uids.map((uid) => owner(uid)) },
});
const plain: KubeObject = { metadata: { name: 'd' } };
const waiting: KubeObject = {
  metadata: { name: 'w', deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['foregroundDeletion'] },
};

const cases: { states: OwnerState[]; dependents?: KubeObject[]; fate: object }[] = [
  { states: ['there'], fate: { do: 'nothing' } },
  { states: ['unknown'], fate: { do: 'nothing' } },
  { states: ['gone', 'unknown'], fate: { do: 'nothing' } },
  { states: ['gone'], fate: { do: 'delete', propagationPolicy: 'Background' } },
  { states: ['waiting'], fate: { do: 'delete', propagationPolicy: 'Background' } },
  { states: ['there', 'gone'], fate: { do: 'disown', ownerReferences: [owner('0')] } },
  { states: ['there', 'waiting'], fate: { do: 'disown', ownerReferences: [owner('0')] } },
  {
    states: ['waiting'],
    dependents: [plain],
    fate: { do: 'delete', propagationPolicy: 'Foreground' },
  },
  {
    states: ['waiting'],
    dependents: [plain, waiting],
    fate: { do: 'delete', propagationPolicy: 'Foreground', unblocks: true },
  },
];

test.each(cases)('owners $states, dependents $dependents: $fate', ({ states, dependents = [], fate }) => {
  expect(fateOf(object(...states.map((_, i) => String(i))), states, dependents)).toEqual(fate);
});

test('B6: an owner is free when a dependent no longer names it, or no longer holds it back', () => {
  const before = [owner('removed'), owner('unblocked'), owner('still'), owner('never', false)];
  const after = [owner('unblocked', false), owner('still')];
  expect(unblockedOwners(before, after).map(({ uid }) => uid)).toEqual(['removed', 'unblocked']);
});
