import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { rbacAuthorizer } from '../rbac/authorizer.ts';
import { policiesIn } from '../rbac/policies.ts';
import { nodeAuthorizer } from './authorizer.ts';
import { referencesOf } from './references.ts';
import { relatedIn } from './related.ts';

const asNode = { internal: { user: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] } };
const core = '/api/v1/namespaces/default';
const needing = (nodeName: string, suffix: string) => ({
  metadata: { name: `pod-${suffix}` },
  spec: {
    nodeName,
    serviceAccountName: `account-${suffix}`,
    containers: [
      { name: 'c', image: 'i', envFrom: [{ secretRef: { name: `secret-${suffix}` } }] },
      { name: 'd', image: 'i', envFrom: [{ configMapRef: { name: `map-${suffix}` } }] },
    ],
    volumes: [{ name: 'v', persistentVolumeClaim: { claimName: `claim-${suffix}` } }],
  },
});

describe('a node asks', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  beforeEach(async () => {
    const storage = openMemoryStorage({ clock: new ManualClock() });
    const policyIn = policiesIn(storage, new ManualClock());
    server = await testServer({
      storage,
      authorizer: nodeAuthorizer(relatedIn(storage), rbacAuthorizer(policyIn)),
    });
    const create = async (path: string, body: object) =>
      expect((await server.send(`POST ${path}`, { body })).status).toBe(201);
    for (const [suffix, node] of [
      ['own', 'n1'],
      ['other', 'n2'],
    ] as const) {
      await create('/api/v1/nodes', { metadata: { name: node } });
      await create(`${core}/serviceaccounts`, { metadata: { name: `account-${suffix}` } });
      await create(`${core}/secrets`, { metadata: { name: `secret-${suffix}` } });
      await create(`${core}/configmaps`, { metadata: { name: `map-${suffix}` } });
      const accessModes = ['ReadWriteOnce'];
      await create(`${core}/persistentvolumeclaims`, {
        metadata: { name: `claim-${suffix}` },
        spec: { accessModes, storageClassName: '', resources: { requests: { storage: '1Gi' } } },
      });
      await create('/api/v1/persistentvolumes', {
        metadata: { name: `volume-${suffix}` },
        spec: {
          accessModes,
          capacity: { storage: '1Gi' },
          hostPath: { path: '/v' },
          claimRef: { namespace: 'default', name: `claim-${suffix}` },
        },
      });
      await create(`${core}/pods`, needing(node, suffix));
      await create('/apis/storage.k8s.io/v1/volumeattachments', {
        metadata: { name: `attachment-${suffix}` },
        spec: { attacher: 'a', nodeName: node, source: { persistentVolumeName: `volume-${suffix}` } },
      });
    }
  });

  const ask = (line: string) => server.send(line, { peer: asNode });
  const one = (resource: string, name: string) => `GET ${core}/${resource}/${name}`;

  test.each([
    (which: string) => one('secrets', `secret-${which}`),
    (which: string) => `GET ${core}/secrets?fieldSelector=metadata.name%3Dsecret-${which}`,
    (which: string) => one('configmaps', `map-${which}`),
    (which: string) => one('persistentvolumeclaims', `claim-${which}`),
    (which: string) => `GET /api/v1/persistentvolumes/volume-${which}`,
    (which: string) => `GET /apis/storage.k8s.io/v1/volumeattachments/attachment-${which}`,
    (which: string) => one('pods', `pod-${which}`),
    (which: string) => one('serviceaccounts', `account-${which}`),
    (which: string) => `GET /api/v1/nodes/${which === 'own' ? 'n1' : 'n2'}`,
  ])('%# for what is its own, and gets it; for what is of another, and does not', async (lineOf) => {
    expect((await ask(lineOf('own'))).status).toBe(200);
    const refused = await ask(lineOf('other'));
    expect(refused.status).toBe(403);
    expect(refused.json.message).toMatch(
      /: (no relationship found between node 'n1' and this object|node 'n1' cannot read 'n2', only its own Node object)$/,
    );
  });

  test.each([
    [`GET ${core}/secrets`, 'No Object name found'],
    ['GET /api/v1/secrets', 'can only read namespaced object of this type'],
    [`DELETE ${core}/secrets/secret-own`, 'can only read resources of this type'],
    [`GET ${core}/persistentvolumeclaims`, 'can only get individual resources of this type'],
    [`GET ${core}/pods`, 'can only list/watch pods with spec.nodeName field selector'],
    ['GET /api/v1/nodes', "node 'n1' cannot read all nodes, only its own Node object"],
    [
      'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn2',
      'can only list/watch pods with spec.nodeName field selector',
    ],
    [
      'GET /api/v1/pods?fieldSelector=spec.nodeName!%3Dn1',
      'can only list/watch pods with spec.nodeName field selector',
    ],
    [
      'GET /apis/coordination.k8s.io/v1/namespaces/default/leases/n1',
      'can only access leases in the "kube-node-lease" system namespace',
    ],
    [
      'GET /apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/n2',
      'can only access node lease with the same name as the requesting node',
    ],
    [
      'GET /apis/storage.k8s.io/v1/csinodes/n2',
      'can only access CSINode with the same name as the requesting node',
    ],
    [
      'GET /apis/resource.k8s.io/v1/resourceslices',
      'can only list/watch/deletecollection resourceslices with nodeName field selector',
    ],
    [`PATCH ${core}/serviceaccounts/account-own`, 'can only create tokens for individual service accounts'],
  ])('%s and is refused in words: %s', async (line, why) => {
    const { status, json } = await ask(line);
    expect([status, json.message]).toEqual([403, expect.stringMatching(new RegExp(`: ${escaped(why)}$`))]);
  });

  test.each([
    'GET /api/v1/pods?fieldSelector=spec.nodeName%3Dn1',
    `GET ${core}/pods?fieldSelector=spec.nodeName%3Dn1,status.phase%3DPending`,
    'GET /api/v1/services',
    'GET /apis/node.k8s.io/v1/runtimeclasses',
    'GET /apis/resource.k8s.io/v1/resourceslices?fieldSelector=spec.nodeName%3Dn1',
  ])('%s, which every node may', async (line) => expect((await ask(line)).status).toBe(200));

  test.each([
    `GET ${core}/services/x/status`,
    `DELETE ${core}/pods/pod-own/status`,
    'GET /apis/apps/v1/deployments',
    'DELETE /api/v1/nodes/n1',
    `GET ${core}/pods/pod-own/log`,
  ])('%s, which no node may', async (line) => expect((await ask(line)).status).toBe(403));

  test('what a role gives a node beyond that, it may', async () => {
    const body = {
      metadata: { name: 'n1' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: 'system:node:n1' }],
    };
    await server.send('POST /apis/rbac.authorization.k8s.io/v1/clusterrolebindings', { body });
    expect((await ask('GET /apis/apps/v1/deployments')).status).toBe(200);
  });

  test.each([
    [
      'without a name',
      { user: 'system:node:', groups: ['system:nodes'] },
      'unknown node for user "system:node:"',
    ],
    ['outside the group', { user: 'system:node:n1', groups: [] }, undefined],
    ['by the group alone', { user: 'n1', groups: ['system:nodes'] }, undefined],
  ])('a user that is a node %s has no rights of one', async (_how, internal, why) => {
    const { status, json } = await server.send(one('secrets', 'secret-own'), { peer: { internal } });
    expect(status).toBe(403);
    if (why) expect(json.message).toContain(why);
    else expect(json.message).not.toContain('node ');
  });

  test('its rules cannot be told in full, and it is told so', async () => {
    const { json } = await server.send('POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      body: { spec: { namespace: 'default' } },
      peer: asNode,
    });
    expect(json.status).toMatchObject({
      incomplete: true,
      evaluationError: 'node authorizer does not support user rule resolution',
    });
  });
});

const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

test('a mirror Pod refers to nothing, or a node could give itself every Secret', () => {
  const pod = needing('n1', 'own') as unknown as Pod;
  const mirrored = {
    ...pod,
    metadata: { ...pod.metadata, annotations: { 'kubernetes.io/config.mirror': 'x' } },
  };
  expect([...referencesOf(pod).secrets!]).toEqual(['secret-own']);
  expect(referencesOf(mirrored)).toEqual({});
});
