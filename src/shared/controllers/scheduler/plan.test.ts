import { describe, expect, test } from '@jest/globals';
import type {
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodSpec,
  StorageClass,
} from '../../kinds/schema/types.ts';
import type { Facts } from './facts.ts';
import { plan } from './plan.ts';

const node = (name: string, more: Partial<Node> = {}, amounts: Record<string, string> = {}): Node => ({
  metadata: {
    name,
    labels: { 'kubernetes.io/hostname': name, zone: `z-${name}`, ...more.metadata?.labels },
  },
  ...(more.spec && { spec: more.spec }),
  status: {
    allocatable: { cpu: '4', memory: '8Gi', pods: '110', ...amounts },
    conditions: [{ type: 'Ready', status: 'True' }],
  },
});

const pod = (name: string, spec: Partial<PodSpec> = {}, more: Partial<Pod> = {}): Pod => ({
  metadata: { name, namespace: 'ns', uid: name, labels: { app: name }, ...more.metadata },
  spec: { containers: [{ name: 'c', image: 'i' }], ...spec },
  ...(more.status && { status: more.status }),
});
const asking = (cpu: string): Partial<PodSpec> => ({
  containers: [{ name: 'c', image: 'i', resources: { requests: { cpu } } }],
});

const places = (pods: Pod[], nodes: Node[], facts: Partial<Facts> = {}) =>
  Object.fromEntries(plan(pods, nodes, facts).bind.map((each) => [each.pod.metadata.name, each.node]));
const messages = (pods: Pod[], nodes: Node[], facts: Partial<Facts> = {}) =>
  plan(pods, nodes, facts).unschedulable.map(({ message }) => message);

const unhelpful = (n: number) =>
  `no new claims to deallocate, preemption: 0/${n} nodes are available: ${n} Preemption is not helpful for scheduling.`;
const tainted = (name: string) =>
  node(name, { spec: { taints: [{ key: 'k', value: 'v', effect: 'NoSchedule' }] } });

describe('why a Pod has no Node is said as kube-scheduler says it', () => {
  test.each<[string, Pod, Node[], string]>([
    ['no Nodes', pod('p'), [], 'no nodes available to schedule pods'],
    [
      'several reasons, counted and sorted',
      pod('p', asking('5')),
      [node('a'), tainted('b'), tainted('c')],
      `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint(s). ${unhelpful(3)}`,
    ],
    [
      'a cordon',
      pod('p'),
      [node('a', { spec: { unschedulable: true } })],
      `0/1 nodes are available: 1 node(s) were unschedulable. ${unhelpful(1)}`,
    ],
    [
      'a selector',
      pod('p', { nodeSelector: { zone: 'none' } }),
      [node('a')],
      `0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector. ${unhelpful(1)}`,
    ],
    [
      'a Node that is named, and others',
      pod('p', {
        ...asking('5'),
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchFields: [{ key: 'metadata.name', operator: 'In', values: ['a'] }] }],
            },
          },
        },
      }),
      [node('a'), node('b')],
      `0/2 nodes are available: 1 Insufficient cpu, 1 node(s) didn't satisfy plugin(s) [NodeAffinity]. ${unhelpful(2)}`,
    ],
    [
      'a missing claim',
      pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] }),
      [node('a')],
      `0/1 nodes are available: persistentvolumeclaim "c" not found. ${unhelpful(1)}`,
    ],
    [
      'a Node that was never ready',
      pod('p'),
      [{ metadata: { name: 'a' } }],
      `0/1 nodes are available: 1 node(s) had untolerated taint(s). ${unhelpful(1)}`,
    ],
  ])('%s', (_, wanted, nodes, message) => {
    expect(messages([wanted], nodes)).toEqual([message]);
  });

  test('nobody of lower priority is there', () => {
    const there = pod('there', { ...asking('4'), nodeName: 'a' });
    expect(messages([there, pod('p', asking('1'))], [node('a'), tainted('b')])).toEqual([
      '0/2 nodes are available: 1 Insufficient cpu, 1 node(s) had untolerated taint(s). no new claims to deallocate, preemption: 0/2 nodes are available: 1 No preemption victims found for incoming pod, 1 Preemption is not helpful for scheduling.',
    ]);
  });
});

describe('requests', () => {
  const full = pod('full', { ...asking('3'), nodeName: 'a' });
  test.each<[string, Partial<PodSpec>, boolean]>([
    ['that fit', asking('1'), true],
    ['that are too many with the overhead', { ...asking('1'), overhead: { cpu: '1m' } }, false],
    [
      'of the hungriest init container',
      { initContainers: [{ name: 'i', image: 'i', resources: { requests: { cpu: '2' } } }] },
      false,
    ],
    ['of the Pod as a whole', { ...asking('3'), resources: { requests: { cpu: '500m' } } }, true],
    [
      'of something the Node has not',
      { containers: [{ name: 'c', resources: { requests: { 'example.com/gpu': '1' } } }] },
      false,
    ],
  ])('%s', (_, spec, fits) => {
    expect(plan([full, pod('p', spec)], [node('a')]).bind).toHaveLength(fits ? 1 : 0);
  });
});

describe('turns', () => {
  test('the more important goes first, then the older', () => {
    const at = (creationTimestamp: string) => ({ metadata: { creationTimestamp } });
    const pods = [
      pod('young', asking('2'), at('2026-01-01T00:00:02Z')),
      pod('old', asking('2'), at('2026-01-01T00:00:01Z')),
      pod('important', { ...asking('2'), priority: 1 }, at('2026-01-01T00:00:03Z')),
    ];
    expect(Object.keys(places(pods, [node('a')])).sort()).toEqual(['important', 'old']);
  });

  test('a gated Pod has none', () => {
    const gated = pod('p', { schedulingGates: [{ name: 'g' }] });
    expect(plan([gated], [node('a')])).toEqual({ bind: [], unschedulable: [], evict: [], select: [] });
  });

  test('a Pod that wants the company of a later one is bound with it', () => {
    const follower = pod('follower', {
      priority: 10,
      affinity: {
        podAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: 'zone', labelSelector: { matchLabels: { app: 'leader' } } },
          ],
        },
      },
    });
    const found = places([follower, pod('leader')], [node('a'), node('b')]);
    expect(found.follower).toBe(found.leader);
  });
});

describe('preemption', () => {
  const low = (name: string, on: string, cpu: string, more: Partial<PodSpec> = {}) =>
    pod(name, { ...asking(cpu), nodeName: on, priority: 1, ...more });
  const important = (more: Partial<Pod> = {}) =>
    pod('important', { ...asking('3'), priority: 100, schedulerName: 'default-scheduler' }, more);

  test('sends away the fewest, and promises the Node', () => {
    const pods = [low('a1', 'a', '2'), low('a2', 'a', '2'), low('b1', 'b', '4'), important()];
    const { evict, unschedulable, bind } = plan(pods, [node('a'), node('b')]);
    expect(evict.map(({ victim, node: on }) => [victim.metadata.name, on])).toEqual([['b1', 'b']]);
    expect(unschedulable).toMatchObject([
      { message: '0/2 nodes are available: 2 Insufficient cpu.', nominate: 'b' },
    ]);
    expect(bind).toEqual([]);
  });

  test('leaves the promised room to the one it was promised to', () => {
    const waiting = important({ status: { nominatedNodeName: 'a' } });
    const { bind } = plan([waiting, pod('small', asking('2'))], [node('a')]);
    expect(bind.map((each) => each.pod.metadata.name)).toEqual(['important']);
    const leaving = low('leaving', 'a', '4');
    leaving.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    leaving.status = {
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
    };
    const { evict, unschedulable } = plan([leaving, waiting], [node('a')]);
    expect(evict).toEqual([]);
    expect(unschedulable).toEqual([
      {
        pod: waiting,
        message:
          '0/1 nodes are available: 1 Insufficient cpu. no new claims to deallocate, preemption: not eligible due to a terminating pod on the nominated node.',
      },
    ]);
  });

  test('is not for a Pod that must never preempt', () => {
    const meek = important();
    meek.spec!.preemptionPolicy = 'Never';
    const { evict, unschedulable } = plan([low('a1', 'a', '4'), meek], [node('a')]);
    expect(evict).toEqual([]);
    expect(unschedulable[0]?.message).toMatch(/preemption: not eligible due to preemptionPolicy=Never\.$/);
  });

  test('rather breaks no disruption budget', () => {
    const budgets: Facts['budgets'] = [
      {
        metadata: { name: 'b', namespace: 'ns' },
        spec: { selector: { matchLabels: { app: 'a1' } } },
        status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1 },
      },
    ];
    const pods = [low('a1', 'a', '4'), low('b1', 'b', '4', { priority: 50 }), important()];
    expect(plan(pods, [node('a'), node('b')], { budgets }).evict[0]?.victim.metadata.name).toBe('b1');
    expect(plan(pods, [node('a'), node('b')]).evict[0]?.victim.metadata.name).toBe('a1');
  });

  test('of Pods that are alike sends those away that started last', () => {
    const since = (name: string, on: string, startTime: string): Pod => ({
      ...low(name, on, '4'),
      status: { startTime },
    });
    const pods = [
      since('old', 'a', '2026-01-01T00:00:01Z'),
      since('new', 'b', '2026-01-01T00:00:02Z'),
      important(),
    ];
    expect(plan(pods, [node('a'), node('b')]).evict[0]?.victim.metadata.name).toBe('new');
  });

  test('takes back a promise that nothing keeps any more', () => {
    const waiting = important({ status: { nominatedNodeName: 'a' } });
    const { unschedulable } = plan([waiting], [node('a', {}, { cpu: '1' })]);
    expect(unschedulable).toMatchObject([{ nominate: '' }]);
  });
});

describe('volumes', () => {
  const mounting = pod('p', { volumes: [{ name: 'v', persistentVolumeClaim: { claimName: 'c' } }] });
  const claim = (more: Partial<PersistentVolumeClaim> = {}): PersistentVolumeClaim => ({
    metadata: { name: 'c', namespace: 'ns', ...more.metadata },
    spec: { storageClassName: 'slow', accessModes: ['ReadWriteOnce'], ...more.spec },
    status: more.status ?? { phase: 'Pending' },
  });
  const storageClass = (more: Partial<StorageClass> = {}): StorageClass => ({
    metadata: { name: 'slow' },
    provisioner: 'example.com/p',
    volumeBindingMode: 'WaitForFirstConsumer',
    ...more,
  });
  const volume = (on: string, more: PersistentVolume['spec'] = {}): PersistentVolume => ({
    metadata: { name: `pv-${on}` },
    spec: {
      capacity: { storage: '1Gi' },
      accessModes: ['ReadWriteOnce'],
      storageClassName: 'slow',
      nodeAffinity: {
        required: {
          nodeSelectorTerms: [{ matchExpressions: [{ key: 'zone', operator: 'In', values: [`z-${on}`] }] }],
        },
      },
      ...more,
    },
  });
  const facts = (
    object: PersistentVolumeClaim,
    volumes: PersistentVolume[] = [],
    of = storageClass(),
  ): Partial<Facts> => ({
    claims: new Map([['ns/c', object]]),
    volumes,
    classes: new Map([['slow', of]]),
  });
  const nodes = [node('a'), node('b')];

  test('a claim of a class that waits has its Node chosen before its Pod is bound', () => {
    const first = plan([mounting], nodes, facts(claim()));
    expect(first.bind).toEqual([]);
    expect(first.select).toMatchObject([{ node: 'a' }]);
    const chosen = { metadata: { name: 'c', annotations: { 'volume.kubernetes.io/selected-node': 'b' } } };
    expect(plan([mounting], nodes, facts(claim(chosen))).select).toMatchObject([{ node: 'b' }]);
    const bound = claim({ ...chosen, status: { phase: 'Bound' }, spec: { volumeName: 'pv-b' } });
    expect(places([mounting], nodes, facts(bound, [volume('b', { nodeAffinity: undefined })]))).toEqual({
      p: 'b',
    });
  });

  test('a volume of the Pod’s own waits for its claim, and takes no other’s', () => {
    const own = pod('p', {
      volumes: [{ name: 'v', ephemeral: { volumeClaimTemplate: { spec: {} } } }],
    });
    const made = (uid: string): Partial<Facts> => {
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Pod', name: 'p', uid, controller: true }];
      const metadata = { namespace: 'ns', name: 'p-v', ownerReferences };
      return { claims: new Map([['ns/p-v', claim({ metadata, status: { phase: 'Bound' } })]]) };
    };
    expect(messages([own], nodes)).toEqual([
      expect.stringContaining(
        'waiting for ephemeral volume controller to create the persistentvolumeclaim "p-v"',
      ),
    ]);
    expect(messages([own], nodes, made('other'))).toEqual([
      expect.stringContaining('PVC ns/p-v was not created for pod ns/p (pod is not owner)'),
    ]);
    expect(places([own], nodes, made('p'))).toEqual({ p: expect.any(String) });
  });

  test('without a provisioner only a Node that a volume reaches will do', () => {
    const local = storageClass({ provisioner: 'kubernetes.io/no-provisioner' });
    expect(plan([mounting], nodes, facts(claim(), [volume('b')], local)).select).toMatchObject([
      { node: 'b' },
    ]);
    expect(messages([mounting], nodes, facts(claim(), [], local))).toEqual([
      `0/2 nodes are available: 2 node(s) didn't find available persistent volumes to bind. ${unhelpful(2)}`,
    ]);
  });

  test('a bound volume keeps its Pod where it is', () => {
    const bound = claim({ status: { phase: 'Bound' }, spec: { volumeName: 'pv-b' } });
    expect(places([mounting], nodes, facts(bound, [volume('b')]))).toEqual({ p: 'b' });
    expect(messages([mounting], [node('a')], facts(bound, [volume('b')]))).toEqual([
      `0/1 nodes are available: 1 node(s) didn't match PersistentVolume's node affinity. ${unhelpful(1)}`,
    ]);
    expect(messages([mounting], [node('a')], facts(bound, [volume('c')]))).toEqual([
      `0/1 nodes are available: 1 node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s). ${unhelpful(1)}`,
    ]);
  });

  test('an immediate claim is waited for', () => {
    const immediate = storageClass({ volumeBindingMode: 'Immediate' });
    expect(messages([mounting], nodes, facts(claim(), [], immediate))).toEqual([
      `0/2 nodes are available: pod has unbound immediate PersistentVolumeClaims. ${unhelpful(2)}`,
    ]);
  });

  test('a claim for one Pod alone is given to one', () => {
    const alone = claim({
      status: { phase: 'Bound' },
      spec: { volumeName: 'pv-b', accessModes: ['ReadWriteOncePod'] },
    });
    const other = { ...mounting, metadata: { ...mounting.metadata, name: 'q' } };
    const { bind, unschedulable } = plan([mounting, other], nodes, facts(alone));
    expect(bind).toHaveLength(1);
    expect(unschedulable[0]?.message).toContain('ReadWriteOncePod access mode already in-use by another pod');
  });
});

test('replicas of one controller are spread over Nodes and zones without a word', () => {
  const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'r', uid: 'r', controller: true };
  const replicas = Array.from({ length: 6 }, (_, i) =>
    pod(`r${i}`, {}, { metadata: { name: `r${i}`, namespace: 'ns', ownerReferences: [owner] } }),
  );
  const counts = Map.groupBy(
    Object.values(
      places(
        replicas,
        ['a', 'b', 'c'].map((n) => node(n)),
      ),
    ),
    (n) => n,
  );
  expect([...counts.values()].map(({ length }) => length)).toEqual([2, 2, 2]);
});
