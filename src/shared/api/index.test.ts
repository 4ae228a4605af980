import { expect, test } from '@jest/globals';
import { makeTokenKey, tokenKeyOf } from '../auth/tokenKeys.ts';
import { testServer } from './testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';

test('a ConfigMap is created, read, changed, listed, watched and deleted', async () => {
  const { send, open } = await testServer();
  const created = await send(`POST ${configMaps}`, { body: { metadata: { name: 'one' }, data: { a: '1' } } });
  expect(created).toMatchObject({
    status: 201,
    json: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'one', namespace: 'default' } },
  });
  expect((await send(`GET ${configMaps}/one`)).text).toBe(created.text);
  const { resourceVersion } = created.json.metadata;
  const watch = await open(`GET ${configMaps}?watch=true&resourceVersion=${resourceVersion}`);
  const patched = await send(`PATCH ${configMaps}/one`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { data: { b: '2' } },
  });
  expect(patched).toMatchObject({ status: 200, json: { data: { a: '1', b: '2' } } });
  expect(await watch.next()).toEqual({ type: 'MODIFIED', object: patched.json });
  const list = await send(`GET ${configMaps}`);
  expect(list.json).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
  const { kind: _kind, apiVersion: _apiVersion, ...item } = patched.json;
  expect(list.json.items).toEqual([item]);
  const deleted = await send(`DELETE ${configMaps}/one`);
  expect(deleted).toMatchObject({ status: 200, json: { status: 'Success', details: { name: 'one' } } });
  expect(await watch.next()).toMatchObject({ type: 'DELETED', object: { metadata: { name: 'one' } } });
  await watch.close();
  expect(await send(`GET ${configMaps}/one`)).toMatchObject({
    status: 404,
    json: { reason: 'NotFound', message: 'configmaps "one" not found' },
  });
});

test('A8: a request acts with the extras it asks for', async () => {
  const { send } = await testServer();
  const headers = { 'impersonate-user': 'bob', 'impersonate-extra-acme.com%2fteam': 'red' };
  const { json } = await send('POST /apis/authentication.k8s.io/v1/selfsubjectreviews', {
    headers,
    body: {},
  });
  expect(json.status.userInfo).toMatchObject({ username: 'bob', extra: { 'acme.com/team': ['red'] } });
});

test.each(['/version', '/healthz', '/api', configMaps, `${configMaps}/x`, '/nothing'])(
  'A9: strangers get the same answer to %s of a logical cluster that is there and of one that is not',
  async (path) => {
    const fillCluster = async (cluster: string) => {
      if (cluster !== 'red') throw new Error(`there is no ${cluster} to fill`);
    };
    const { send } = await testServer({ fillCluster });
    await send('POST /apis/shallop.dev/v1/logicalclusters', { body: { metadata: { name: 'red' } } });
    const [red, none] = await Promise.all(
      ['red', 'none'].map((name) => send(`GET /clusters/${name}${path}`, { peer: {} })),
    );
    expect([none!.status, none!.text]).toEqual([red!.status, red!.text]);
    expect((await send(`GET /clusters/none${path}`)).status).toBe(404);
  },
);

test('B15: OpenID documents name the keys of tokens, for those who may ask', async () => {
  const keys = [tokenKeyOf(makeTokenKey()).jwk];
  const { send } = await testServer({ tokenKeys: () => keys });
  const headers = { host: 'example.com:6443' };
  const found = await send('GET /.well-known/openid-configuration', { headers });
  expect(found.json).toMatchObject({
    issuer: 'https://kubernetes.default.svc.cluster.local',
    jwks_uri: 'https://example.com:6443/openid/v1/jwks',
    id_token_signing_alg_values_supported: ['ES256'],
  });
  const set = await send('GET /openid/v1/jwks');
  expect(set).toMatchObject({ status: 200, json: { keys } });
  expect(set.headers['content-type']).toBe('application/jwk-set+json');
  expect((await send('GET /openid/v1/jwks', { peer: {} })).status).toBe(403);
});
