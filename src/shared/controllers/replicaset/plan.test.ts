import { describe, expect, test } from '@jest/globals';
import type { Pod, ReplicaSet } from '../../kinds/schema/types.ts';
import { type Plan, plan } from './plan.ts';
import { byDeletion } from './rank.ts';

const rs = (replicas: number): ReplicaSet => ({
  metadata: { name: 'web-1', namespace: 'default', uid: 'rs', generation: 1 },
  spec: { replicas, selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } } } },
});
const podNamed = (name: string, more: Partial<Pod> = {}): Pod => ({
  metadata: {
    name,
    uid: `uid-${name}`,
    labels: { a: 'b' },
    ownerReferences: [
      { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'rs', controller: true },
    ],
  },
  ...more,
});
const run = (replicas: number, pods: Pod[], epoch = 0) =>
  plan({ replicaSet: rs(replicas), pods, epoch, now: 0 });
const names = (p: Plan) => p.create.map((pod) => pod.metadata.name);

test('of two billion Pods five hundred are made at once, then the next', () => {
  const first = names(run(2_147_483_647, []));
  expect(first).toHaveLength(500);
  const next = names(
    run(
      2_147_483_647,
      first.map((name) => podNamed(name!)),
    ),
  );
  expect(new Set([...first, ...next]).size).toBe(1_000);
});

describe('names of new Pods', () => {
  test('are the same for the same observation', () => expect(names(run(5, []))).toEqual(names(run(5, []))));
  test('go on from what a half-done run left, in any order', () => {
    const all = names(run(4, []));
    const left = [all[2]!, all[0]!].map((name) => podNamed(name));
    expect(names(run(4, left))).toEqual([all[1], all[3]]);
  });
  test('differ from those of terminating Pods and, after a deletion, from all before', () => {
    const [first] = names(run(1, []));
    const ending = podNamed(first!);
    ending.metadata.deletionTimestamp = '2026-01-01T00:00:00Z';
    expect(names(run(1, [ending]))).not.toContain(first);
    expect(names(run(1, [], 7))).not.toContain(first);
  });
});

test('Pods outside the selector are let go, loose ones inside it are taken', () => {
  const strange = podNamed('x');
  strange.metadata.labels = { a: 'c' };
  const loose = podNamed('y');
  delete loose.metadata.ownerReferences;
  const todo = run(1, [strange, loose]);
  expect([todo.orphan, todo.adopt, todo.create]).toEqual([[strange], [loose], []]);
});

test('the least useful Pod is deleted first', () => {
  const on = { nodeName: 'n', containers: [] };
  const ready = { conditions: [{ type: 'Ready', status: 'True' }] };
  const order = [
    podNamed('unscheduled'),
    podNamed('pending', { spec: on, status: { phase: 'Pending' } }),
    podNamed('unready', { spec: on, status: { phase: 'Running' } }),
    podNamed('ready', { spec: on, status: { phase: 'Running', ...ready } }),
  ];
  expect(byDeletion([...order].reverse())).toEqual(order);
});
