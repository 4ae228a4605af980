import { beforeAll, describe, expect, test } from '@jest/globals';
import { testServer } from './testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
let server: Awaited<ReturnType<typeof testServer>>;

/** As recorded: seven objects, every second one labelled odd=1. The first write makes revision 2. */
beforeAll(async () => {
  server = await testServer();
  for (let i = 0; i < 7; i++)
    await server.send(`POST ${configMaps}`, {
      body: { metadata: { name: `l-0${i}`, ...(i > 0 && { labels: { odd: String(i % 2) } }) } },
    });
});

const names = (items: { metadata: { name: string } }[]) =>
  items.map(({ metadata }) => metadata.name.slice(-2));

describe('queries', () => {
  test.each([
    { query: '', found: ['00', '01', '02', '03', '04', '05', '06'] },
    { query: '?labelSelector=odd%3D1', found: ['01', '03', '05'] },
    { query: '?labelSelector=odd', found: ['01', '02', '03', '04', '05', '06'] },
    { query: '?labelSelector=!odd', found: ['00'] },
    { query: '?labelSelector=odd%20in%20(0,1),odd!%3D0', found: ['01', '03', '05'] },
    { query: '?labelSelector=odd%20notin%20(0)', found: ['00', '01', '03', '05'] },
    { query: '?fieldSelector=metadata.name%3Dl-02', found: ['02'] },
    { query: '?fieldSelector=metadata.name%3Dnone', found: [] },
    {
      query: '?fieldSelector=metadata.name!%3Dl-02,metadata.namespace%3Ddefault&limit=2',
      found: ['00', '01'],
    },
    { query: '?resourceVersion=0&limit=2', found: ['00', '01', '02', '03', '04', '05', '06'] },
    { query: '?resourceVersion=3', found: ['00', '01', '02', '03', '04', '05', '06'] },
    {
      query: '?resourceVersion=3&resourceVersionMatch=NotOlderThan',
      found: ['00', '01', '02', '03', '04', '05', '06'],
    },
    { query: '?resourceVersion=3&resourceVersionMatch=Exact', found: ['00', '01'], revision: '3' },
    { query: '?resourceVersion=1&resourceVersionMatch=Exact', found: [], revision: '1' },
  ])('"$query" finds $found', async ({ query, found, revision = '8' }) => {
    const { status, json } = await server.send(`GET ${configMaps}${query}`);
    expect(status).toBe(200);
    expect(names(json.items)).toEqual(found);
    expect(json.metadata.resourceVersion).toBe(revision);
    for (const item of json.items) expect(Object.keys(item)[0]).toBe('metadata');
  });
});

test('pages keep the revision of the first, whatever is written meanwhile', async () => {
  const { send } = await testServer();
  for (const name of ['a', 'c', 'e', 'g']) await send(`POST ${configMaps}`, { body: { metadata: { name } } });
  const first = (await send(`GET ${configMaps}?limit=2`)).json;
  expect(first.metadata).toMatchObject({ resourceVersion: '5', remainingItemCount: 2 });
  await send(`POST ${configMaps}`, { body: { metadata: { name: 'd' } } });
  await send(`DELETE ${configMaps}/g`);
  const next = `limit=2&continue=${first.metadata.continue}`;
  const second = (await send(`GET ${configMaps}?${next}`)).json;
  expect(names(second.items)).toEqual(['e', 'g']);
  expect(second.metadata).toEqual({ resourceVersion: '5' });
  expect((await send(`GET ${configMaps}?${next}&resourceVersion=5`)).json.message).toBe(
    'specifying resource version is not allowed when using continue',
  );
});

test('pages with a selector do not say how many are left', async () => {
  const { json } = await server.send(`GET ${configMaps}?limit=2&labelSelector=odd%3D1`);
  expect(names(json.items)).toEqual(['01', '03']);
  expect(json.metadata.remainingItemCount).toBeUndefined();
  const rest = await server.send(
    `GET ${configMaps}?limit=2&labelSelector=odd%3D1&continue=${json.metadata.continue}`,
  );
  expect(names(rest.json.items)).toEqual(['05']);
});

test('a continue token of a forgotten revision offers to go on inconsistently', async () => {
  const token = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', rv: -1, start: '/l-03\0' })).toString(
    'base64url',
  );
  const { json } = await server.send(`GET ${configMaps}?limit=2&continue=${token}`);
  expect(names(json.items)).toEqual(['04', '05']);
});

describe('representations', () => {
  const table = 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json';

  test('a Table has the columns, and rows with metadata only', async () => {
    const { headers, json } = await server.send(`GET ${configMaps}?limit=1`, { headers: { accept: table } });
    expect(headers['content-type']).toBe('application/json');
    expect(json).toMatchObject({ kind: 'Table', apiVersion: 'meta.k8s.io/v1' });
    expect(json.columnDefinitions.map((c: { name: string }) => c.name)).toEqual(['Name', 'Data', 'Age']);
    expect(json.rows[0].cells).toEqual(['l-00', 0, expect.any(String)]);
    expect(json.rows[0].object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { name: 'l-00' } });
  });

  test.each([
    { include: 'None', object: null },
    { include: 'Object', object: expect.objectContaining({ kind: 'ConfigMap' }) },
  ])('includeObject=$include', async ({ include, object }) => {
    const { json } = await server.send(`GET ${configMaps}?includeObject=${include}`, {
      headers: { accept: table },
    });
    expect(json.rows[0].object).toEqual(object);
  });

  test('partial metadata, YAML and protobuf', async () => {
    const partial = await server.send(`GET ${configMaps}/l-00`, {
      headers: { accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1' },
    });
    expect(partial.json).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' });
    const yaml = await server.send(`GET ${configMaps}/l-00`, { headers: { accept: 'application/yaml' } });
    expect(yaml.text).toMatch(/^apiVersion: v1\nkind: ConfigMap\nmetadata:\n {2}creationTimestamp: "/);
    const only = { headers: { accept: 'application/vnd.kubernetes.protobuf' } };
    expect((await server.send(`GET ${configMaps}/l-00`, only)).text.slice(0, 4)).toBe('k8s\0');
    expect((await server.send(`GET ${configMaps}`, only)).text.slice(0, 4)).toBe('k8s\0');
    const both = { headers: { accept: 'application/vnd.kubernetes.protobuf,application/json' } };
    expect((await server.send(`GET ${configMaps}`, both)).json.kind).toBe('ConfigMapList');
  });
});

test('a list of many is streamed', async () => {
  const { handle, send } = await testServer();
  const data = { blob: 'x'.repeat(200_000) };
  for (const name of ['a', 'b', 'c', 'd'])
    await send(`POST ${configMaps}`, { body: { metadata: { name }, data } });
  const { json } = await send(`GET ${configMaps}`);
  expect(json.items).toHaveLength(4);
  expect(handle).toBeDefined();
});

test('a list that goes out in parts is one snapshot, whatever is written meanwhile', async () => {
  const { storage, open, send } = await testServer();
  const key = (i: number) => ({
    cluster: 'default',
    resource: 'configmaps',
    namespace: 'default',
    name: `${i}`,
  });
  const bytes = (i: number) => (revision: string) =>
    Buffer.from(
      JSON.stringify({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: `${i}`, namespace: 'default', resourceVersion: revision },
        data: { value: 'x'.repeat(500) },
      }),
    );
  for (let i = 10_000; i < 12_500; i++) await storage.create(key(i), bytes(i));
  const { answer } = await open('GET /api/v1/namespaces/default/configmaps');
  const chunks = (answer.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  const parts = [(await chunks.next()).value];
  await send('DELETE /api/v1/namespaces/default/configmaps/12499');
  await send('POST /api/v1/namespaces/default/configmaps', { body: { metadata: { name: '99999' } } });
  for (let next = await chunks.next(); !next.done; next = await chunks.next()) parts.push(next.value);
  const { items } = JSON.parse(Buffer.concat(parts).toString()) as {
    items: { metadata: { name: string } }[];
  };
  expect(items.map(({ metadata }) => metadata.name)).toEqual(
    Array.from({ length: 2500 }, (_, i) => `${10_000 + i}`),
  );
});
