import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';

const asNode = { internal: { user: 'system:node:n1', groups: ['system:nodes', 'system:masters'] } };
const merge = { 'content-type': 'application/merge-patch+json' };
const pods = '/api/v1/namespaces/default/pods';
const podOn = (nodeName: string, metadata: object = {}, spec: object = {}) => ({
  metadata: { name: 'p', ...metadata },
  spec: { nodeName, containers: [{ name: 'c', image: 'i' }], ...spec },
});

describe('a node', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  let uid: string;
  beforeEach(async () => {
    server = await testServer();
    ({ uid } = (
      await server.send('POST /api/v1/nodes', { body: { metadata: { name: 'n1' } }, peer: asNode })
    ).json.metadata);
    await server.send('POST /api/v1/nodes', { body: { metadata: { name: 'n2' } } });
  });
  const say = async (line: string, body?: object) =>
    (await server.send(line, { ...(body && { body }), headers: merge, peer: asNode })).json.message;
  const post = async (path: string, body: object) =>
    (await server.send(`POST ${path}`, { body, peer: asNode })).json.message;
  const mirrored = (more: object = {}) => ({
    annotations: { 'kubernetes.io/config.mirror': 'x' },
    ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n1', uid, controller: true }],
    ...more,
  });

  test('changes itself, and no other', async () => {
    expect(await say('PATCH /api/v1/nodes/n1', { metadata: { labels: { mine: 'a' } } })).toBeUndefined();
    expect(await say('PATCH /api/v1/nodes/n2', { metadata: { labels: { mine: 'a' } } })).toBe(
      'nodes "n2" is forbidden: node "n1" is not allowed to modify node "n2"',
    );
  });

  test.each([
    [{ 'node-restriction.kubernetes.io/a': 'b' }, false],
    [{ 'example.kubernetes.io/a': 'b' }, false],
    [{ 'kubernetes.io/hostname': 'n1' }, true],
    [{ 'a.node.kubernetes.io/b': 'c' }, true],
    [{ 'example.com/a': 'b' }, true],
  ])('may set the labels %j: %j', async (labels, may) =>
    expect(await say('PATCH /api/v1/nodes/n1', { metadata: { labels } })).toBe(
      may ? undefined : `nodes "n1" is forbidden: is not allowed to modify labels: ${Object.keys(labels)[0]}`,
    ),
  );

  test('does not taint itself', async () => {
    const taints = [{ key: 'a', effect: 'NoSchedule' }];
    expect(await say('PATCH /api/v1/nodes/n1', { spec: { taints } })).toBe(
      'nodes "n1" is forbidden: node "n1" is not allowed to modify taints',
    );
  });

  test('creates mirror Pods of its own only', async () => {
    const refused = (why: string) => `pods "p" is forbidden: ${why}`;
    expect(await post(pods, podOn('n1'))).toBe(
      refused(
        'pod does not have "kubernetes.io/config.mirror" annotation, node "n1" can only create mirror pods',
      ),
    );
    expect(await post(pods, podOn('n2', mirrored()))).toBe(
      refused('node "n1" can only create pods with spec.nodeName set to itself'),
    );
    expect(await post(pods, podOn('n1', mirrored({ ownerReferences: [] })))).toBe(
      refused('node "n1" can only create pods with an owner reference set to itself'),
    );
  });

  test('tells the status of Pods that are on it, and deletes those', async () => {
    await server.send(`POST ${pods}`, { body: podOn('n1', { name: 'own' }) });
    await server.send(`POST ${pods}`, { body: podOn('n2', { name: 'other' }) });
    const status = { status: { phase: 'Running' } };
    expect(await say(`PATCH ${pods}/own/status`, status)).toBeUndefined();
    expect(await say(`PATCH ${pods}/other/status`, status)).toBe(
      'pods "other" is forbidden: node "n1" can only update pod status for pods with spec.nodeName set to itself',
    );
    expect(await say(`DELETE ${pods}/other`)).toBe(
      'pods "other" is forbidden: node "n1" can only delete pods with spec.nodeName set to itself',
    );
    expect(await post(`${pods}/other/eviction`, { metadata: { name: 'other' } })).toBe(
      'pods "other" is forbidden: node n1 can only evict pods with spec.nodeName set to itself',
    );
  });

  test('renews its own Lease', async () => {
    await server.send('POST /api/v1/namespaces', { body: { metadata: { name: 'kube-node-lease' } } });
    const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';
    expect(await post(leases, { metadata: { name: 'n1' } })).toBeUndefined();
    expect(await post(leases, { metadata: { name: 'n2' } })).toBe(
      'leases.coordination.k8s.io "n2" is forbidden: can only access node lease with the same name as the requesting node',
    );
  });
});
