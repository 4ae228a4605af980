import { describe, expect, test } from '@jest/globals';
import type { ControllerRevision, DaemonSet, DaemonSetSpec, Node, Pod } from '../../kinds/schema/types.ts';
import { virtualLabel } from '../node/plan.ts';
import { revisionLabel, revisionsOf } from '../revisions/plan.ts';
import { plan } from './plan.ts';
import { nodeOf } from './podOf.ts';

const now = Date.parse('2026-01-01T01:00:00Z');
const template = (image: string) => ({ spec: { containers: [{ name: 'c', image }] } });
const setOf = (spec: Partial<DaemonSetSpec> = {}): DaemonSet => ({
  metadata: { name: 'd', namespace: 'ns', uid: 'set' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 1, maxSurge: 0 } },
    template: template('2'),
    ...spec,
  },
});
const nodeNamed = (name: string, more: Partial<Node['spec']> & object = {}, labels = {}): Node => ({
  metadata: { name, labels },
  spec: more,
});
const three = ['n1', 'n2', 'n3'].map((name) => nodeNamed(name));

const owner = (set: DaemonSet) => ({
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: set.metadata,
  template: set.spec!.template,
  collisionCount: 0,
});
const known: ControllerRevision[] = [];
const hashFor = (image: string) =>
  revisionsOf(owner(setOf({ template: template(image) })), known).update.metadata.labels![revisionLabel]!;

const podOn = (node: string, image = '2', is: 'up' | 'starting' | 'Failed' | 'ending' = 'up'): Pod => ({
  metadata: {
    name: `${node}-${image}`,
    uid: `${node}-${image}`,
    labels: { [revisionLabel]: hashFor(image) },
    creationTimestamp: `2026-01-01T00:0${image}:00Z`,
    ...(is === 'ending' && { deletionTimestamp: '2026-01-01T01:00:00Z' }),
  },
  spec: { nodeName: node, containers: [] },
  status: {
    phase: is === 'Failed' ? 'Failed' : 'Running',
    conditions: [
      { type: 'Ready', status: is === 'up' ? 'True' : 'False', lastTransitionTime: '2026-01-01T00:30:00Z' },
    ],
  },
});

function step(set: DaemonSet, pods: Pod[], nodes = three) {
  const todo = plan({ set, nodes, pods, revisions: revisionsOf(owner(set), known), epoch: 0, now });
  return {
    ...todo,
    makes: todo.create.map((pod) => nodeOf(pod)),
    deletes: todo.delete.map(({ metadata }) => metadata.name),
  };
}

describe('Nodes that get a Pod', () => {
  test.each<{ why: string; node: Node; spec?: Partial<DaemonSetSpec>; gets: boolean }>([
    { why: 'any', node: nodeNamed('n'), gets: true },
    { why: 'a cordoned one', node: nodeNamed('n', { unschedulable: true }), gets: true },
    {
      why: 'one with a taint',
      node: nodeNamed('n', { taints: [{ key: 't', effect: 'NoSchedule' }] }),
      gets: false,
    },
    {
      why: 'one that is not ready',
      node: nodeNamed('n', { taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoExecute' }] }),
      gets: true,
    },
    {
      why: 'none but a named one',
      node: nodeNamed('n'),
      spec: { template: { spec: { containers: [], nodeName: 'm' } } },
      gets: false,
    },
    {
      why: 'those that are selected',
      node: nodeNamed('n', {}, { disk: 'hdd' }),
      spec: { template: { spec: { containers: [], nodeSelector: { disk: 'ssd' } } } },
      gets: false,
    },
    { why: 'no virtual one', node: nodeNamed('n', {}, { [virtualLabel]: 'true' }), gets: false },
  ])('$why: $gets', ({ node, spec, gets }) => {
    const todo = step(setOf(spec), [], [node]);
    expect(todo.makes).toEqual(gets ? ['n'] : []);
    expect(todo.status.desiredNumberScheduled).toBe(gets ? 1 : 0);
  });

  test('a Pod is bound by affinity and tolerates what troubles a Node', () => {
    const [pod] = step(setOf(), []).create;
    expect(pod?.metadata.labels?.[revisionLabel]).toBe(hashFor('2'));
    expect(pod?.spec?.nodeName).toBeUndefined();
    expect(pod?.spec?.tolerations?.map(({ key }) => key)).toContain('node.kubernetes.io/unschedulable');
  });

  test('where all Nodes are virtual it says once what to do instead', () => {
    const virtual = [nodeNamed('v', {}, { [virtualLabel]: 'true' })];
    const todo = step(setOf(), [], virtual);
    expect(todo.events).toMatchObject([{ type: 'Warning', reason: 'VirtualNodes' }]);
    expect(todo.status.conditions).toMatchObject([{ type: 'NodesForDaemons', status: 'False' }]);
    expect(step({ ...setOf(), status: todo.status }, [], virtual).events).toEqual([]);
  });
});

describe('Pods that have to go', () => {
  const tainted = nodeNamed('n1', { taints: [{ key: 't', effect: 'NoExecute' }] });
  test.each([
    { why: 'evicted', pods: [podOn('n1')], nodes: [tainted], deletes: ['n1-2'] },
    { why: 'failed', pods: [podOn('n1', '2', 'Failed')], nodes: [nodeNamed('n1')], deletes: ['n1-2'] },
    {
      why: 'double',
      pods: [podOn('n1', '2'), podOn('n1', '3')],
      nodes: [nodeNamed('n1')],
      deletes: ['n1-3'],
    },
    { why: 'ending already', pods: [podOn('n1', '2', 'ending')], nodes: [nodeNamed('n1')], deletes: [] },
  ])('$why', ({ pods, nodes, deletes }) => expect(step(setOf(), pods, nodes).deletes).toEqual(deletes));
});

describe('a new template', () => {
  const old = ['n1', 'n2', 'n3'].map((node) => podOn(node, '1'));
  test('replaces as many Pods at a time as may be down', () => {
    expect(step(setOf(), old).deletes).toEqual(['n1-1']);
    expect(step(setOf(), [podOn('n1', '2', 'starting'), ...old.slice(1)]).deletes).toEqual([]);
    expect(step(setOf(), [podOn('n1'), ...old.slice(1)]).deletes).toEqual(['n2-1']);
    const most = { type: 'RollingUpdate' as const, rollingUpdate: { maxUnavailable: '50%', maxSurge: 0 } };
    expect(step(setOf({ updateStrategy: most }), old).deletes).toEqual(['n1-1', 'n2-1']);
  });

  test('replaces Pods that are down anyhow', () => {
    const down = [podOn('n1', '1', 'starting'), podOn('n2', '1', 'starting'), old[2]!];
    expect(step(setOf(), down).deletes).toEqual(['n1-1', 'n2-1']);
  });

  test('with a surge the new Pod comes first', () => {
    const surging = setOf({
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
    });
    expect(step(surging, old)).toMatchObject({ makes: ['n1'], deletes: [] });
    expect(step(surging, [podOn('n1', '2', 'starting'), ...old])).toMatchObject({ makes: [], deletes: [] });
    expect(step(surging, [podOn('n1'), ...old])).toMatchObject({ makes: [], deletes: ['n1-1'] });
  });

  test('waits for Pods to be deleted by others with OnDelete', () => {
    expect(step(setOf({ updateStrategy: { type: 'OnDelete' } }), old).deletes).toEqual([]);
  });
});

test('the status counts Nodes', () => {
  const pods = [podOn('n1'), podOn('n2', '1'), podOn('gone')];
  expect(
    step(setOf(), pods, [...three, nodeNamed('gone', { taints: [{ key: 't', effect: 'NoSchedule' }] })])
      .status,
  ).toEqual({
    desiredNumberScheduled: 3,
    currentNumberScheduled: 2,
    numberReady: 2,
    numberAvailable: 2,
    numberUnavailable: 1,
    updatedNumberScheduled: 1,
    numberMisscheduled: 1,
    observedGeneration: 0,
  });
});
