import { describe, expect, test } from '@jest/globals';
import type { Node, Pod, PodSpec } from '../../kinds/schema/types.ts';
import { isUnjudged, rejectionOf } from './admit.ts';

const node: Node = {
  metadata: { name: 'n', labels: { zone: 'a' } },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '2' } },
};
const container = (more: object = {}) => ({ name: 'c', image: 'i', ...more });
const pod = (name: string, spec: Partial<PodSpec>, startTime?: string): Pod => ({
  metadata: { name, uid: name },
  spec: { containers: [container()], nodeName: 'n', ...spec },
  status: { phase: 'Running', ...(startTime && { startTime }) },
});
const started = '2026-01-01T00:00:00Z';
const onPort = (hostPort: number, hostIP?: string) => ({
  containers: [container({ ports: [{ containerPort: 80, hostPort, ...(hostIP && { hostIP }) }] })],
});
const asking = (requests: Record<string, string>) => ({
  containers: [container({ resources: { requests } })],
});

describe('a Pod that was assigned past the scheduler', () => {
  test.each<[string, Partial<PodSpec>, Pod[], string | undefined, string | undefined]>([
    ['is taken where there is room', {}, [], undefined, undefined],
    ['is taken where it is of the system of the node', { os: { name: 'linux' } }, [], undefined, undefined],
    [
      'is rejected where it is of another system',
      { os: { name: 'windows' } },
      [],
      'PodOSNotSupported',
      "Pod was rejected: Failed to admit pod as the OS field doesn't match node OS",
    ],
    [
      'is rejected for a port of the node that is taken',
      onPort(80),
      [pod('b', onPort(80), started)],
      'NodePorts',
      "Pod was rejected: Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    ],
    [
      'is taken when the port is that of a Pod that ended',
      onPort(80),
      [{ ...pod('b', onPort(80), started), status: { phase: 'Failed' } }],
      undefined,
      undefined,
    ],
    [
      'is taken when the port is that of a Pod not looked at yet',
      onPort(80),
      [pod('b', onPort(80))],
      undefined,
      undefined,
    ],
    [
      'is taken on another address of the node',
      onPort(80, '10.0.0.1'),
      [pod('b', onPort(80, '10.0.0.2'), started)],
      undefined,
      undefined,
    ],
    [
      'is taken when the port is of another node',
      onPort(80),
      [pod('b', { ...onPort(80), nodeName: 'm' }, started)],
      undefined,
      undefined,
    ],
    [
      'is rejected for CPU, in thousandths',
      asking({ cpu: '1500m' }),
      [pod('b', asking({ cpu: '1' }), started)],
      'OutOfcpu',
      "Pod was rejected: Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
    ],
    [
      'is rejected for memory, in bytes',
      asking({ memory: '2Gi' }),
      [],
      'OutOfmemory',
      "Pod was rejected: Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
    ],
    [
      'is rejected by a full node',
      {},
      [pod('b', {}, started), pod('c', {}, started)],
      'OutOfpods',
      "Pod was rejected: Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
    ],
    [
      'is rejected by a node that its selector does not mean',
      { nodeSelector: { zone: 'b' } },
      [],
      'NodeAffinity',
      "Pod was rejected: Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ],
    [
      'is taken with a resource that the node knows nothing of',
      asking({ 'example.com/gpu': '1' }),
      [],
      undefined,
      undefined,
    ],
  ])('%s', (_, spec, others, reason, message) => {
    const rejection = rejectionOf(pod('a', spec), node, [pod('a', spec), ...others]);
    expect(rejection?.reason).toBe(reason);
    expect(rejection?.message).toBe(message);
  });

  test('is rejected by a taint NoExecute that it does not tolerate', () => {
    const tainted = { ...node, spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } } as Node;
    expect(rejectionOf(pod('a', {}), tainted, [])?.reason).toBe('TaintToleration');
    expect(rejectionOf(pod('a', { tolerations: [{ operator: 'Exists' }] }), tainted, [])).toBeUndefined();
  });
});

test('a Pod that the scheduler bound, or that has started, is not judged again', () => {
  const bound = {
    ...pod('a', {}),
    status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
  } as Pod;
  expect([pod('a', {}), bound, pod('a', {}, started)].map(isUnjudged)).toEqual([true, false, false]);
});
