import { expect, test } from '@jest/globals';
import type { Client } from '../../client/client.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { podSourcesFrom } from './sources.ts';

const pod: Pod = { metadata: { namespace: 'ns', name: 'p', uid: 'u' } };
const identity = { token: async () => '', clusterCa: () => '' };

test.each<[string, Pod | undefined, boolean]>([
  ['is as it was', pod, true],
  ['is gone', undefined, false],
  ['was made anew', { metadata: { ...pod.metadata, uid: 'v' } }, false],
  ['is being deleted', { metadata: { ...pod.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } }, false],
  ['has ended', { ...pod, status: { phase: 'Failed' } }, false],
])('a Pod that %s is wanted or not', async (_how, current, isWanted) => {
  const client = { get: async () => current } as unknown as Client;
  expect(await podSourcesFrom(client, pod, identity).isWanted?.()).toBe(isWanted);
});
