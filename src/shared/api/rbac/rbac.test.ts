import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Send, testServer } from '../testing/testingServer.ts';

const rbac = '/apis/rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';
const merge = { 'content-type': 'application/merge-patch+json' };
const applied = { 'content-type': 'application/apply-patch+yaml' };
const inDev = `${rbac}/namespaces/dev`;

const as = (commonName: string, ...organizations: string[]): Send => ({
  peer: { certificate: { commonName, organizations } },
});
const jane = as('jane', 'devs');
const rule = (verbs: string[], resources: string[]) => ({ verbs, apiGroups: [''], resources });
const role = (name: string, ...rules: object[]) => ({ metadata: { name }, rules });
const binding = (name: string, kind: string, role: string, user = 'jane') => ({
  metadata: { name },
  subjects: [{ kind: 'User', name: user }],
  roleRef: { apiGroup, kind, name: role },
});

type Server = Awaited<ReturnType<typeof testServer>>;
let send: Server['send'];
let open: Server['open'];
let clusterRoleCount: () => Promise<number>;

beforeEach(async () => {
  ({ send, open } = await testServer());
  await send('POST /api/v1/namespaces', { body: { metadata: { name: 'dev' } } });
  clusterRoleCount = async () => (await send(`GET ${rbac}/clusterroles`)).json.items.length;
});

/** What is granted here is done by an administrator. */
async function grant(...rules: object[]) {
  await send(`POST ${inDev}/roles`, { body: role('given', ...rules) });
  await send(`POST ${inDev}/rolebindings`, { body: binding('given', 'Role', 'given') });
}
const writeRoles = {
  verbs: ['create', 'get', 'update', 'patch'],
  apiGroups: [apiGroup],
  resources: ['roles', 'rolebindings'],
};

describe('rights', () => {
  test('are refused in the words of a real server until they are granted', async () => {
    const pods = 'GET /api/v1/namespaces/dev/pods';
    expect((await send(pods, jane)).json).toMatchObject({
      code: 403,
      message:
        'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "dev"',
    });
    await grant(rule(['list'], ['pods']));
    expect((await send(pods, jane)).status).toBe(200);
    expect((await send('GET /api/v1/namespaces/default/pods', jane)).status).toBe(403);
    expect((await send('GET /api/v1/pods', jane)).status).toBe(403);
    await send(`DELETE ${inDev}/rolebindings/given`);
    expect((await send(pods, jane)).status).toBe(403);
  });

  test('to one name let a list or watch be about that name', async () => {
    const maps = '/api/v1/namespaces/dev/configmaps';
    await grant({ ...rule(['list', 'watch'], ['configmaps']), resourceNames: ['a'] });
    const list = async (selector: string) =>
      (await send(`GET ${maps}?fieldSelector=${encodeURIComponent(selector)}`, jane)).status;
    expect(await list('metadata.name=a')).toBe(200);
    expect(await list('metadata.name=b')).toBe(403);
    expect(await list('metadata.name!=b')).toBe(403);
    expect(await list('=')).toBe(403);
    expect((await send(`GET ${maps}`, jane)).status).toBe(403);
    const watch = `GET ${maps}?watch=1&fieldSelector=metadata.name%3D`;
    expect((await send(`${watch}b`, jane)).status).toBe(403);
    const allowed = await open(`${watch}a`, jane);
    await send(`POST ${maps}`, { body: { metadata: { name: 'a' } } });
    expect(await allowed.next()).toMatchObject({ type: 'ADDED' });
    await allowed.close();
    expect((await send(`DELETE ${maps}?fieldSelector=metadata.name%3Da`, jane)).status).toBe(403);
  });

  test('of a binding without its role are none, and the refusal says so', async () => {
    await send(`POST ${inDev}/rolebindings`, { body: binding('b', 'Role', 'none') });
    expect((await send('GET /api/v1/namespaces/dev/pods', jane)).json.message).toBe(
      'pods is forbidden: User "jane" cannot list resource "pods" in API group "" in the namespace "dev": RBAC: role.rbac.authorization.k8s.io "none" not found',
    );
  });

  test('are told by reviews, with what allows them', async () => {
    await grant(rule(['list'], ['pods']));
    const resourceAttributes = { verb: 'list', resource: 'pods', namespace: 'dev' };
    const spec = { user: 'jane', resourceAttributes };
    const { json } = await send('POST /apis/authorization.k8s.io/v1/subjectaccessreviews', {
      body: { spec },
    });
    expect(json.status).toEqual({
      allowed: true,
      reason: 'RBAC: allowed by RoleBinding "given/dev" of Role "given" to User "jane"',
    });
    const own = await send('POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
      ...jane,
      body: { spec: { namespace: 'dev' } },
    });
    expect(own.json.status.resourceRules).toContainEqual(rule(['list'], ['pods']));
    expect(own.json.status.incomplete).toBe(false);
  });

  test('of one logical cluster count in no other', async () => {
    await send('POST /apis/shallop.dev/v1/logicalclusters', { body: { metadata: { name: 'red' } } });
    await send('POST /clusters/red/api/v1/namespaces', { body: { metadata: { name: 'dev' } } });
    await grant(rule(['list'], ['pods']));
    expect((await send('GET /clusters/red/api/v1/namespaces/dev/pods', jane)).status).toBe(403);
  });
});

describe('what a logical cluster begins with', () => {
  test('is there as soon as somebody looks', async () => {
    expect(await clusterRoleCount()).toBe(69);
    const { json } = await send(`GET ${rbac}/clusterrolebindings/cluster-admin`);
    expect(json).toMatchObject({
      roleRef: { apiGroup, kind: 'ClusterRole', name: 'cluster-admin' },
      subjects: [{ kind: 'Group', apiGroup, name: 'system:masters' }],
    });
    expect((await send(`GET ${rbac}/roles`)).json.items).toHaveLength(7);
    expect((await send(`GET ${rbac}/rolebindings`)).json.items).toHaveLength(7);
  });

  test('may be taken away, and stays so', async () => {
    await send(`DELETE ${rbac}/clusterrolebindings/system:discovery`);
    expect((await send('GET /api', jane)).status).toBe(403);
    expect((await send(`GET ${rbac}/clusterrolebindings/system:discovery`)).status).toBe(404);
  });
});

describe('escalation', () => {
  const cannot = (json: { code: number; message: string }, rights: string) =>
    expect(json).toMatchObject({
      code: 403,
      message: expect.stringContaining(
        `is forbidden: user "jane" (groups=["devs" "system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${rights}`,
      ),
    });
  const secrets = '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}';

  beforeEach(() => grant(writeRoles, rule(['get', 'list'], ['pods'])));

  test('by a role with more rights than its author is refused, whatever the verb', async () => {
    const wanted = role('r', rule(['get'], ['pods', 'secrets']));
    cannot((await send(`POST ${inDev}/roles`, { ...jane, body: wanted })).json, secrets);
    cannot((await send(`PUT ${inDev}/roles/r`, { ...jane, body: wanted })).json, secrets);
    const config = { apiVersion: `${apiGroup}/v1`, kind: 'Role', ...wanted };
    const target = `${inDev}/roles/r?fieldManager=me`;
    cannot((await send(`PATCH ${target}`, { ...jane, body: config, headers: applied })).json, secrets);
    await send(`POST ${inDev}/roles`, { ...jane, body: role('r', rule(['get'], ['pods'])) });
    cannot((await send(`PATCH ${inDev}/roles/r`, { ...jane, body: wanted, headers: merge })).json, secrets);
    expect((await send(`GET ${inDev}/roles/r`)).json.rules).toEqual([rule(['get'], ['pods'])]);
  });

  test('by binding a role with more rights is refused, also of a role for the whole cluster', async () => {
    await send(`POST ${inDev}/roles`, { body: role('big', rule(['get'], ['secrets'])) });
    const post = (body: object) => send(`POST ${inDev}/rolebindings`, { ...jane, body });
    cannot((await post(binding('b', 'Role', 'big'))).json, secrets);
    cannot((await post(binding('b', 'ClusterRole', 'cluster-admin'))).json, '{APIGroups:["*"]');
    expect((await post(binding('b', 'Role', 'given', 'john'))).status).toBe(201);
    expect((await post(binding('c', 'Role', 'none'))).json).toMatchObject({
      code: 404,
      message: `rolebindings.${apiGroup} "none" not found`,
    });
  });

  test('is allowed by the verbs escalate and bind', async () => {
    await send(`PATCH ${inDev}/roles/given`, {
      headers: merge,
      body: {
        rules: [
          writeRoles,
          { verbs: ['escalate'], apiGroups: [apiGroup], resources: ['roles'] },
          { verbs: ['bind'], apiGroups: [apiGroup], resources: ['clusterroles'], resourceNames: ['view'] },
        ],
      },
    });
    const wanted = role('r', rule(['get'], ['secrets']));
    expect((await send(`POST ${inDev}/roles`, { ...jane, body: wanted })).status).toBe(201);
    const post = (body: object) => send(`POST ${inDev}/rolebindings`, { ...jane, body });
    expect((await post(binding('b', 'ClusterRole', 'view', 'john'))).status).toBe(201);
    expect((await post(binding('c', 'ClusterRole', 'edit', 'john'))).status).toBe(403);
  });

  test('is not asked about finalizers and owners, so that objects of others can go', async () => {
    await send(`POST ${inDev}/roles`, { body: role('big', rule(['get'], ['secrets'])) });
    const patch = (body: object) => send(`PATCH ${inDev}/roles/big`, { ...jane, headers: merge, body });
    expect((await patch({ metadata: { finalizers: ['a/b'] } })).status).toBe(200);
    expect((await patch({ metadata: { labels: { a: 'b' } } })).status).toBe(403);
  });

  test('by an aggregationRule takes all rights', async () => {
    const everywhere = { verbs: ['create'], apiGroups: [apiGroup], resources: ['clusterroles'] };
    await send(`POST ${rbac}/clusterroles`, { body: role('author', everywhere) });
    await send(`POST ${rbac}/clusterrolebindings`, { body: binding('author', 'ClusterRole', 'author') });
    const body = { ...role('g'), aggregationRule: { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] } };
    expect((await send(`POST ${rbac}/clusterroles`, { ...jane, body })).json.message).toBe(
      `clusterroles.${apiGroup} "g" is forbidden: must have cluster-admin privileges to use the aggregationRule`,
    );
    expect((await send(`POST ${rbac}/clusterroles`, { body })).status).toBe(201);
  });
});

test('a PUT of a role that is not there creates it, for those who may create', async () => {
  await grant({ verbs: ['update'], apiGroups: [apiGroup], resources: ['roles'] });
  expect((await send(`PUT ${inDev}/roles/r`, { ...jane, body: role('r') })).json.message).toBe(
    `roles.${apiGroup} "r" is forbidden: User "jane" cannot create resource "roles" in API group "${apiGroup}" in the namespace "dev"`,
  );
  expect((await send(`PUT ${inDev}/roles/r`, { body: role('r') })).status).toBe(201);
  expect((await send(`PUT ${inDev}/roles/r`, { body: role('r', rule(['get'], ['pods'])) })).status).toBe(200);
});
