import { expect, test } from '@jest/globals';
import type { LogicalCluster } from '../../kinds/shallop.dev/v1/logicalcluster/types.ts';
import { remaining } from './plan.ts';

const created = '2026-01-01T00:00:00Z';
const at = (seconds: number) => Date.parse(created) + seconds * 1000;

test.each<{ why: string; metadata?: object; spec?: LogicalCluster['spec']; now: number; left?: number }>([
  { why: 'without a time it lives on', now: at(1e9) },
  {
    why: 'its time is counted from its creation',
    spec: { ttlSecondsAfterCreation: 60 },
    now: at(20),
    left: 40_000,
  },
  { why: 'its time is over to the second', spec: { ttlSecondsAfterCreation: 60 }, now: at(60), left: 0 },
  { why: 'its time is long over', spec: { ttlSecondsAfterCreation: 60 }, now: at(600), left: 0 },
  {
    why: 'what is being deleted is not deleted again',
    metadata: { deletionTimestamp: created },
    spec: { ttlSecondsAfterCreation: 60 },
    now: at(600),
  },
])('$why', ({ metadata, spec, now, left }) => {
  const cluster = { metadata: { creationTimestamp: created, ...metadata }, ...(spec && { spec }) };
  expect(remaining(cluster, now)).toBe(left);
});
