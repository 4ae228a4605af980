import { expect, test } from '@jest/globals';
import type { Client } from '../../client/client.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { podSourcesFrom } from './sources.ts';

const pod: Pod = { metadata: { namespace: 'ns', name: 'p', uid: 'u' } };
const now = '2026-01-01T00:00:00Z';
const limited = (activeDeadlineSeconds: number) => ({ containers: [], activeDeadlineSeconds });
const identity = { token: async () => '', clusterCa: () => '' };

test.each<[string, Pod | undefined, boolean]>([
  ['is as it was', pod, true],
  ['is gone', undefined, false],
  ['was made anew', { metadata: { ...pod.metadata, uid: 'v' } }, false],
  ['is being deleted', { metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }, false],
  ['has ended', { ...pod, status: { phase: 'Failed' } }, false],
  ['is within its deadline', { ...pod, spec: limited(61), status: { startTime: now } }, true],
  ['is at its deadline', { ...pod, spec: limited(60), status: { startTime: now } }, false],
])('a Pod that %s is wanted or not', async (_how, current, isWanted) => {
  const clock = new ManualClock(Date.parse(now) + 60_000);
  const client = { get: async () => current } as unknown as Client;
  expect(await podSourcesFrom(client, pod, clock, identity).isWanted?.()).toBe(isWanted);
});
