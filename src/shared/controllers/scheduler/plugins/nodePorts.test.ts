import { expect, test } from '@jest/globals';
import type { ContainerPort, Node, Pod } from '../../../kinds/schema/types.ts';
import { plan } from '../plan.ts';

const node: Node = {
  metadata: { name: 'n' },
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
};
const pod = (name: string, port: Partial<ContainerPort>, more: Partial<Pod['spec']> = {}): Pod => ({
  metadata: { name, namespace: 'ns' },
  spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, ...port }] }], ...more },
});
const web = pod('web', { hostPort: 8080 }, { nodeName: 'n' });

const cases: { name: string; port: Partial<ContainerPort>; first?: Pod; fits: boolean }[] = [
  { name: 'the same port', port: { hostPort: 8080 }, fits: false },
  { name: 'the same port of one address', port: { hostPort: 8080, hostIP: '127.0.0.1' }, fits: false },
  { name: 'another port', port: { hostPort: 8081 }, fits: true },
  { name: 'another protocol', port: { hostPort: 8080, protocol: 'UDP' }, fits: true },
  { name: 'no port of the Node', port: {}, fits: true },
  {
    name: 'the same port of another address',
    first: pod('web', { hostPort: 8080, hostIP: '10.0.0.1' }, { nodeName: 'n' }),
    port: { hostPort: 8080, hostIP: '127.0.0.1' },
    fits: true,
  },
  {
    name: 'a port whose Pod has ended',
    first: { ...web, status: { phase: 'Succeeded' } },
    port: { hostPort: 8080 },
    fits: true,
  },
];
test.each(cases)('B16: a Pod that asks for $name fits: $fits', ({ port, first = web, fits }) => {
  const { bind, unschedulable } = plan([first, pod('second', port)], [node]);
  expect(bind).toHaveLength(fits ? 1 : 0);
  expect(unschedulable.map(({ message }) => message)).toEqual(
    fits
      ? []
      : [
          "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. no new claims to deallocate, preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.",
        ],
  );
});

test('B16: of two new Pods with one port the older gets it', () => {
  const { bind, unschedulable } = plan([pod('a', { hostPort: 80 }), pod('b', { hostPort: 80 })], [node]);
  expect([bind.map((b) => b.pod.metadata.name), unschedulable.length]).toEqual([['a'], 1]);
});
