import { expect, test } from '@jest/globals';
import { formatMicroTime } from '../../clock/clock.ts';
import type { Lease, Node } from '../../kinds/schema/types.ts';
import type { ReconcileContext } from '../controller.ts';
import { leases, nodes } from '../resources.ts';
import { nodeLifecycle } from './index.ts';

const created = Date.parse('2026-01-01T00:00:00Z');
const silent: Node = { metadata: { name: 'n', creationTimestamp: '2026-01-01T00:00:00Z' } };
const lease: Lease = {
  metadata: { name: 'n', namespace: 'kube-node-lease' },
  spec: { renewTime: formatMicroTime(created + 80_000) },
};

/** Returns what a run comes to, of what it reads and at a time in milliseconds after the Node came. */
async function run(found: { node: Node; lease?: Lease }, afterMs: number) {
  const written: Node[] = [];
  const reads: string[] = [];
  const client = {
    get: async (resource: unknown, namespace: string, name: string) => {
      reads.push(`${namespace}/${name}`);
      return new Map<unknown, unknown>([
        [nodes, found.node],
        [leases, found.lease],
      ]).get(resource);
    },
    updateStatus: async (_: unknown, node: Node) => written.push(node),
    patch: async () => undefined,
  };
  const context = { client, clock: { now: () => created + afterMs } } as unknown as ReconcileContext;
  const requeue = await nodeLifecycle.reconcile({ cluster: 'default', namespace: '', name: 'n' }, context);
  const ready = written[0]?.status?.conditions?.find(({ type }) => type === 'Ready');
  return { requeue, ready: ready?.reason, reads };
}

test('a Node whose kubelet renews its Lease and tells nothing is not unknown', async () => {
  const reads = ['/n', 'kube-node-lease/n'];
  const requeue = { requeueAfterMs: 40_000 };
  expect(await run({ node: silent, lease }, 100_000)).toEqual({ requeue, ready: undefined, reads });
  expect(await run({ node: silent }, 100_000)).toMatchObject({ ready: 'NodeStatusNeverUpdated' });
  expect(await run({ node: silent, lease }, 140_000)).toMatchObject({ ready: 'NodeStatusNeverUpdated' });
});

test('of a Node that has told, no Lease is read', async () => {
  const node = { ...silent, status: { conditions: [{ type: 'Ready', status: 'True' }] } };
  expect(await run({ node }, 100_000)).toEqual({ requeue: undefined, ready: undefined, reads: ['/n'] });
});
