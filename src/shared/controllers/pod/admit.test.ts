import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Node, Pod } from '../../kinds/schema/types.ts';
import type { ReconcileContext } from '../controller.ts';
import { nodes } from '../resources.ts';
import { admit } from './admit.ts';

const node: Node = { metadata: { name: 'n' }, status: { allocatable: { cpu: '1', pods: '9' } } };
const podOf = (name: string, creationTimestamp: string): Pod => ({
  metadata: { name, uid: name, namespace: 'ns', creationTimestamp },
  spec: { nodeName: 'n', containers: [{ name: 'c', image: 'i', resources: { requests: { cpu: '1' } } }] },
});
const older = podOf('older', '2026-01-01T00:00:00Z');
const younger = podOf('younger', '2026-01-02T00:00:00Z');

test.each([
  [
    'rejects a Pod that has no room beside a younger one that runs unreported',
    false,
    ['younger'],
    'OutOfcpu',
  ],
  ['takes it while the younger one only waits', false, [], undefined],
  ['that is virtual does not ask what runs', true, undefined, undefined],
])('a node %s', async (_, isVirtual, running, reason) => {
  const written: Pod[] = [];
  const ctx = {
    clock: new ManualClock(),
    events: () => {},
    client: {
      get: async (resource: unknown) => (resource === nodes ? node : undefined),
      list: async () => [older, younger],
      updateStatus: async (_resource: unknown, pod: Pod) => written.push(pod),
    },
    cloud: {
      pods: {
        list: async () => {
          if (!running) throw new Error('asked');
          return running.map((uid) => ({ cluster: 'default', namespace: 'ns', name: uid, uid }));
        },
      },
    },
  } as unknown as ReconcileContext;
  expect(await admit(older, isVirtual, ctx)).toEqual({ isTaken: reason === undefined });
  expect(written.map(({ status }) => status?.reason)).toEqual(reason ? [reason] : []);
});
