import { describe, expect, test } from '@jest/globals';
import type { ContainerStatus, Node, Pod, PodSpec } from '../../kinds/schema/types.ts';
import { leavingCondition } from './displace.ts';
import { isUnjudged, judge } from './judge.ts';

const node: Node = {
  metadata: { name: 'n', labels: { zone: 'a' } },
  status: { allocatable: { cpu: '2', memory: '1Gi', pods: '2' } },
};
const container = (more: object = {}) => ({ name: 'c', image: 'i', ...more });
const pod = (name: string, spec: Partial<PodSpec>, startTime?: string): Pod => ({
  metadata: { name, uid: name, creationTimestamp: '2026-01-01T00:00:00Z' },
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

describe('a Pod that has not started on its node', () => {
  test.each<[string, Partial<PodSpec>, Pod[], string | undefined, string | undefined]>([
    ['is taken where there is room', {}, [], undefined, undefined],
    ['is taken where it is of the system of the node', { os: { name: 'linux' } }, [], undefined, undefined],
    [
      'is rejected where it is of another system',
      { os: { name: 'windows' } },
      [],
      'PodOSNotSupported',
      "Failed to admit pod as the OS field doesn't match node OS",
    ],
    [
      'is rejected for a port of the node that is taken',
      onPort(80),
      [pod('b', onPort(80), started)],
      'NodePorts',
      "Predicate NodePorts failed: node(s) didn't have free ports for the requested pod ports",
    ],
    [
      'is taken when the port is that of a Pod that ended',
      onPort(80),
      [{ ...pod('b', onPort(80), started), status: { phase: 'Failed' } }],
      undefined,
      undefined,
    ],
    [
      'is taken when the port is that of a younger Pod that waits too',
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
      "Node didn't have enough resource: cpu, requested: 1500, used: 1000, capacity: 2000",
    ],
    [
      'is rejected for memory, in bytes',
      asking({ memory: '2Gi' }),
      [],
      'OutOfmemory',
      "Node didn't have enough resource: memory, requested: 2147483648, used: 0, capacity: 1073741824",
    ],
    [
      'is rejected by a full node',
      {},
      [pod('b', {}, started), pod('c', {}, started)],
      'OutOfpods',
      "Node didn't have enough resource: pods, requested: 1, used: 2, capacity: 2",
    ],
    [
      'is rejected by a node that its selector does not mean',
      { nodeSelector: { zone: 'b' } },
      [],
      'NodeAffinity',
      "Predicate NodeAffinity failed: node(s) didn't match Pod's node affinity/selector",
    ],
    [
      'is taken with a resource that the node knows nothing of',
      asking({ 'example.com/gpu': '1' }),
      [],
      undefined,
      undefined,
    ],
  ])('%s', (_, spec, others, reason, message) => {
    const { rejection } = judge(pod('a', spec), node, [pod('a', spec), ...others]);
    expect(rejection?.reason).toBe(reason);
    expect(rejection?.message).toBe(message);
  });

  test('is rejected by a taint NoExecute that it does not tolerate', () => {
    const tainted = { ...node, spec: { taints: [{ key: 'k', effect: 'NoExecute' }] } } as Node;
    expect(judge(pod('a', {}), tainted, []).rejection?.reason).toBe('TaintToleration');
    expect(judge(pod('a', { tolerations: [{ operator: 'Exists' }] }), tainted, [])).toEqual({});
  });
});

test('a Pod that carries the label of another system is rejected as kubelet does', () => {
  const labelled = { ...pod('a', {}), metadata: { uid: 'a', labels: { 'kubernetes.io/os': 'windows' } } };
  expect(judge(labelled, node, []).rejection).toEqual({
    reason: 'PodOSSelectorNodeLabelDoesNotMatch',
    message: "Failed to admit pod as the `kubernetes.io/os` label doesn't match node label",
  });
});

test('of Pods that wait for the same room the older ones get it, whoever asks first', () => {
  const all = ['a', 'b', 'c', 'd'].map((name) => pod(name, asking({ cpu: name === 'b' ? '4' : '1' })));
  const roomy = { ...node, status: { allocatable: { cpu: '2', pods: '9' } } };
  const reasons = all.map((each) => judge(each, roomy, all).rejection?.reason);
  expect(reasons).toEqual([undefined, 'OutOfcpu', undefined, 'OutOfcpu']);
});

describe('a Pod that waits for more than it was given', () => {
  const resizing = (given: string, asked: string): Pod => {
    const other = pod('b', asking({ cpu: asked }), started);
    other.status!.conditions = [{ type: 'PodResizePending', status: 'True' }];
    other.status!.containerStatuses = [
      { name: 'c', resources: { requests: { cpu: given } } },
    ] as unknown as ContainerStatus[];
    return other;
  };

  test('counts by what it was given', () => {
    expect(judge(pod('a', asking({ cpu: '1' })), node, [resizing('500m', '8')])).toEqual({});
    expect(judge(pod('a', asking({ cpu: '1' })), node, [resizing('1500m', '8')]).rejection?.message).toBe(
      "Node didn't have enough resource: cpu, requested: 1000, used: 1500, capacity: 2000",
    );
  });

  test('frees no more than that when it leaves for a critical one', () => {
    const critical = pod('z', { priority: 2_000_000_000, ...asking({ cpu: '1' }) });
    const others = [resizing('200m', '1'), pod('d', asking({ cpu: '1500m' }), started)];
    const { leaving } = judge(
      critical,
      { ...node, status: { allocatable: { cpu: '2', pods: '9' } } },
      others,
    );
    expect(leaving?.map(({ metadata }) => metadata.name)).toEqual(['d']);
  });
});

test('a younger Pod that runs already counts, though its status does not say so yet', () => {
  const younger = {
    ...pod('b', asking({ cpu: '2' })),
    metadata: { name: 'b', uid: 'b', creationTimestamp: '2027-01-01T00:00:00Z' },
  };
  const asked = pod('a', asking({ cpu: '1' }));
  expect(judge(asked, node, [younger])).toEqual({});
  expect(judge(asked, node, [younger], new Set(['b'])).rejection?.reason).toBe('OutOfcpu');
});

describe('a critical Pod', () => {
  const critical = (spec: Partial<PodSpec>) => pod('z', { priority: 2_000_000_000, ...spec });
  const leaving = (of: Pod[], spec: Partial<PodSpec> = asking({ cpu: '1' })) =>
    judge(critical(spec), node, of).leaving?.map(({ metadata }) => metadata.name);

  test('has others leave that stand in its way', () => {
    expect(leaving([pod('b', asking({ cpu: '1500m' }), started)])).toEqual(['b']);
  });

  test('waits, without telling anybody again, while they leave', () => {
    const told = pod('b', asking({ cpu: '1500m' }), started);
    told.status!.conditions = [{ ...leavingCondition }];
    expect(leaving([told])).toEqual([]);
  });

  test('is rejected where it cannot stand, whatever leaves', () => {
    const misplaced = critical({ ...asking({ cpu: '1' }), nodeSelector: { zone: 'b' } });
    expect(judge(misplaced, node, [pod('b', asking({ cpu: '2' }), started)]).rejection?.reason).toBe(
      'NodeAffinity',
    );
  });

  test('is rejected where others as critical hold what it needs', () => {
    const other = pod('b', { ...asking({ cpu: '1500m' }), priority: 2_000_000_000 }, started);
    expect(judge(critical(asking({ cpu: '1' })), node, [other]).rejection).toEqual({
      reason: 'UnexpectedAdmissionError',
      message:
        'Unexpected error while attempting to recover from admission failure: preemption: error finding a set of ' +
        'pods to preempt: no set of running pods found to reclaim resources: [(res: cpu, q: 500), ]',
    });
  });
});

test.each<[string, Pod, boolean, boolean]>([
  ['named its node', pod('a', {}), true, true],
  ['was bound to a machine, by whomever', bound(), false, true],
  ['was bound to a virtual node', bound(), true, false],
  ['has started', pod('a', {}, started), false, false],
])('a Pod that %s', (_, object, isVirtual, judged) => {
  expect(isUnjudged(object, isVirtual)).toBe(judged);
});

function bound(): Pod {
  return { ...pod('a', {}), status: { conditions: [{ type: 'PodScheduled', status: 'True' }] } };
}
