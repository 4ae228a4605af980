import { expect, test } from '@jest/globals';
import type { Deployment, EndpointSlice, Pod, ReplicaSet, Service } from '../api/types.ts';
import { type Observed, pictureOf } from './picture.ts';

const owned = (kind: string, name: string) => ({
  ownerReferences: [{ kind, name, uid: name, controller: true, apiVersion: 'apps/v1' }],
});
const meta = (name: string, more = {}) => ({ name, uid: name, namespace: 'a', ...more });
const deployment = (name: string, labels = {}) =>
  ({ metadata: meta(name), spec: { replicas: 1, template: { metadata: { labels } } } }) as Deployment;
const set = (name: string, owner: string, revision: string, replicas = 0) =>
  ({
    metadata: meta(name, {
      ...owned('Deployment', owner),
      annotations: { 'deployment.kubernetes.io/revision': revision },
    }),
    spec: { replicas },
  }) as ReplicaSet;
const pod = (name: string, owner: object, labels = {}) =>
  ({ metadata: meta(name, { ...owner, labels }), spec: { containers: [] }, status: {} }) as unknown as Pod;
const service = (name: string, selector?: object, namespace = 'a') =>
  ({ metadata: meta(name, { namespace }), spec: { selector } }) as Service;
const slice = (of: string, endpoints: [uid: string, address: string, ready?: boolean][]) =>
  ({
    metadata: meta(`${of}-1`, { labels: { 'kubernetes.io/service-name': of } }),
    endpoints: endpoints.map(([uid, address, ready]) => ({
      addresses: [address],
      conditions: { ready },
      targetRef: { uid },
    })),
  }) as unknown as EndpointSlice;
const picture = (observed: Partial<Observed>) =>
  pictureOf({ deployments: [], replicaSets: [], pods: [], services: [], slices: [], ...observed });

test('a rollout: both revisions with their Pods, the newest first, and the Service of those that are ready', () => {
  const { workloads, others, idle } = picture({
    deployments: [deployment('web')],
    // By number: the tenth comes after the ninth.
    replicaSets: [set('web-9', 'web', '9', 1), set('web-10', 'web', '10', 1), set('web-8', 'web', '8')],
    pods: [
      pod('old', owned('ReplicaSet', 'web-9'), { app: 'web' }),
      pod('new', owned('ReplicaSet', 'web-10'), { app: 'web', tier: 'x' }),
    ],
    services: [service('web', { app: 'web' })],
    slices: [
      slice('web', [
        ['old', '10.0.0.1', true],
        ['new', '10.0.0.2', false],
      ]),
    ],
  });
  expect(others).toEqual([]);
  expect(idle).toEqual([]);
  expect(workloads).toHaveLength(1);
  const [{ sets, earlier, services }] = workloads as [(typeof workloads)[number]];
  expect(
    sets.map(({ revision, isNewest, pods }) => [
      revision,
      isNewest,
      pods.map((p) => [p.pod.metadata.name, p.servedBy]),
    ]),
  ).toEqual([
    ['10', true, [['new', []]]],
    ['9', false, [['old', ['web']]]],
  ]);
  expect(earlier.map(({ revision }) => revision)).toEqual(['8']);
  expect(services.map(({ service, ready }) => [service.metadata.name, ready])).toEqual([
    ['web', ['10.0.0.1']],
  ]);
});

test('the newest revision is shown without Pods too, and the Service that will select them', () => {
  const { workloads } = picture({
    deployments: [deployment('web', { app: 'web' })],
    replicaSets: [set('web-1', 'web', '1')],
    services: [service('web', { app: 'web' })],
  });
  expect(workloads[0]).toMatchObject({ sets: [{ revision: '1', pods: [] }], services: [{ ready: [] }] });
});

test('Pods of others stand with who made them, those of a ReplicaSet without a Deployment too', () => {
  const { others } = picture({
    replicaSets: [set('lone', 'gone', '1', 1)],
    pods: [
      pod('db-0', owned('StatefulSet', 'db')),
      pod('db-1', owned('StatefulSet', 'db')),
      pod('lone-1', owned('ReplicaSet', 'lone')),
      pod('by-hand', {}),
      pod('db-0-elsewhere', { ...owned('StatefulSet', 'db'), namespace: 'b' }),
    ],
  });
  expect(others.map(({ namespace, owner, pods }) => [namespace, owner, pods.length])).toEqual([
    ['a', 'StatefulSet db', 2],
    ['a', 'ReplicaSet lone', 1],
    ['a', 'Pods by themselves', 1],
    ['b', 'StatefulSet db', 1],
  ]);
});

test.each([
  ['without a selector', service('s')],
  ['with an empty selector', service('s', {})],
  ['of another namespace', service('s', { app: 'web' }, 'b')],
  ['of other labels', service('s', { app: 'web', tier: 'y' })],
  ['of a label that only objects of JavaScript have', service('s', { constructor: 'x' })],
])('a Service %s selects nothing here', (_name, given) => {
  const { idle, others } = picture({ pods: [pod('p', {}, { app: 'web' })], services: [given] });
  expect(idle).toHaveLength(1);
  expect(others[0]!.services).toEqual([]);
});

test('an address that says nothing of itself is ready, and counts once in two slices', () => {
  const twice = slice('s', [['p', '10.0.0.1']]);
  const { others } = picture({
    pods: [pod('p', {}, { a: 'b' })],
    services: [service('s', { a: 'b' })],
    slices: [twice, twice],
  });
  expect(others[0]).toMatchObject({ pods: [{ servedBy: ['s'] }], services: [{ ready: ['10.0.0.1'] }] });
});
