import { expect, test } from '@jest/globals';
import type { Node } from '../../kinds/schema/types.ts';
import { neverPosted } from './neverPosted.ts';

const created = Date.parse('2026-01-01T00:00:00Z');
const node = (...types: string[]): Node => ({
  metadata: { name: 'n', creationTimestamp: '2026-01-01T00:00:00Z' },
  status: { conditions: types.map((type) => ({ type, status: 'False' })) },
});

test('a kubelet has a minute to tell of its Node', () => {
  expect(neverPosted(node(), created + 20_000)).toEqual({ waitMs: 40_000 });
  expect(neverPosted(node('Ready'), created + 60_000)).toBeUndefined();
});

test('then its conditions are unknown, but those that somebody has written', () => {
  const said = neverPosted(node('DiskPressure'), created + 60_000);
  expect(said).toEqual({
    conditions: [
      { type: 'DiskPressure', status: 'False' },
      ...['Ready', 'MemoryPressure', 'PIDPressure'].map((type) => ({
        type,
        status: 'Unknown',
        lastHeartbeatTime: '2026-01-01T00:00:00Z',
        lastTransitionTime: '2026-01-01T00:01:00Z',
        reason: 'NodeStatusNeverUpdated',
        message: 'Kubelet never posted node status.',
      })),
    ],
  });
});
