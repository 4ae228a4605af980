import { expect, test } from '@jest/globals';
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
