import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { ConfigMap, ListMeta } from '../kinds/schema/types.ts';
import { encodeToken } from './list/token.ts';
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

const minutes = (n: number) => n * 60_000;

test('a continue token ends five minutes after its list was read, whoever writes meanwhile', async () => {
  const { send, clock } = await testServer();
  for (const name of ['a', 'b', 'c', 'd', 'e'])
    await send(`POST ${configMaps}`, { body: { metadata: { name } } });
  const page = async (token = '') => (await send(`GET ${configMaps}?limit=1&continue=${token}`)).json;
  const first = await page();
  await clock.advance(minutes(5) - 1);
  const second = await page(first.metadata.continue);
  expect([names(second.items), second.metadata.resourceVersion]).toEqual([['b'], '6']);
  await clock.advance(1);
  // The age of a list is that of its first page.
  expect(await page(second.metadata.continue)).toMatchObject({ code: 410, reason: 'Expired' });
  const status = await page(first.metadata.continue);
  expect(status).toEqual({
    kind: 'Status',
    apiVersion: 'v1',
    metadata: { continue: expect.any(String) },
    status: 'Failure',
    message:
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    reason: 'Expired',
    code: 410,
  });
  const rest = await page(status.metadata.continue);
  expect(names(rest.items)).toEqual(['b']);
  expect(rest.metadata).toEqual({
    resourceVersion: '7',
    continue: expect.any(String),
    remainingItemCount: 3,
  });
  // From there on it is one snapshot again.
  await send(`DELETE ${configMaps}/d`);
  const next = (await send(`GET ${configMaps}?continue=${rest.metadata.continue}`)).json;
  expect([names(next.items), next.metadata]).toEqual([['c', 'd', 'e'], { resourceVersion: '7' }]);
});

test('expired tokens take one revision, however often they are shown', async () => {
  const { send, clock } = await testServer();
  for (const name of ['a', 'b']) await send(`POST ${configMaps}`, { body: { metadata: { name } } });
  const { json } = await send(`GET ${configMaps}?limit=1`);
  await clock.advance(minutes(5));
  for (let i = 0; i < 5; i++) await send(`GET ${configMaps}?limit=1&continue=${json.metadata.continue}`);
  expect((await send(`GET ${configMaps}`)).json.metadata.resourceVersion).toBe('4');
  const forged = encodeToken({ rv: 4, start: '/a\0', readAt: 1 });
  expect((await send(`GET ${configMaps}?continue=${forged}`)).status).toBe(410);
  expect((await send(`GET ${configMaps}`)).json.metadata.resourceVersion).toBe('4');
});

test('whatever happens between pages, a young token keeps its snapshot and an old one goes on after its last item', async () => {
  const name = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
  const step = fc.oneof(
    fc.record({ write: name }),
    fc.record({ remove: name }),
    fc.record({ waitMs: fc.constantFrom(minutes(1), minutes(2), minutes(5)) }),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 2 }),
      fc.array(fc.array(step, { maxLength: 4 }), { minLength: 1, maxLength: 6 }),
      fc.integer({ min: 1, max: 3 }),
      async (first, between, limit) => {
        const { send, clock } = await testServer();
        const now = async (query = ''): Promise<{ metadata: ListMeta; items: ConfigMap[] }> =>
          (await send(`GET ${configMaps}${query}`)).json;
        const namesOf = ({ items }: { items: ConfigMap[] }) => items.map(({ metadata }) => metadata.name);
        for (const each of first) await send(`POST ${configMaps}`, { body: { metadata: { name: each } } });
        let snapshot = namesOf(await now());
        let page = await now(`?limit=${limit}`);
        let readAt = clock.now();
        let given = namesOf(page);
        expect(given).toEqual(snapshot.slice(0, limit));
        for (let i = 0; page.metadata.continue; i++) {
          for (const each of between[i] ?? []) {
            if ('waitMs' in each) await clock.advance(each.waitMs);
            else if ('write' in each)
              await send(`POST ${configMaps}`, { body: { metadata: { name: each.write } } });
            else await send(`DELETE ${configMaps}/${each.remove}`);
          }
          const revision = page.metadata.resourceVersion;
          let token = page.metadata.continue;
          const isYoung = clock.now() - readAt < minutes(5);
          if (!isYoung) {
            const { code, metadata } = (await send(`GET ${configMaps}?continue=${token}`)).json;
            expect(code).toBe(410);
            token = metadata.continue;
            const last = given.at(-1) ?? '';
            snapshot = [...given, ...namesOf(await now()).filter((each = '') => each > last)];
            readAt = clock.now();
          }
          const left = snapshot.length - given.length - limit;
          page = await now(`?limit=${limit}&continue=${token}`);
          expect(namesOf(page)).toEqual(snapshot.slice(given.length, given.length + limit));
          expect(page.metadata.remainingItemCount).toBe(left > 0 ? left : undefined);
          expect(page.metadata.resourceVersion === revision).toBe(isYoung);
          given = [...given, ...namesOf(page)];
        }
        expect(given).toEqual(snapshot);
      },
    ),
    { numRuns: 60 },
  );
});

test.each([
  { start: '/a\0', rv: 0, why: 'incorrect encoded start resourceVersion (version meta.k8s.io/v1)' },
  { start: '', rv: 5, why: 'encoded start key empty (version meta.k8s.io/v1)' },
  { start: '/../secrets/a\0', rv: 5, why: '/../secrets/a\0' },
  { start: 'a//b\0', rv: -1, why: 'a//b\0' },
])('a continue token from nowhere is refused: $why', async ({ start, rv, why }) => {
  const { json } = await server.send(`GET ${configMaps}?continue=${encodeToken({ rv, start })}`);
  expect(json).toMatchObject({
    code: 400,
    message: `invalid continue token: continue key is not valid: ${why}`,
  });
});

test("a real server's token goes on at its revision", async () => {
  const { json } = await server.send(
    `GET ${configMaps}?limit=2&continue=${encodeToken({ rv: 5, start: '/l-01\0' })}`,
  );
  expect([names(json.items), json.metadata.resourceVersion]).toEqual([['02', '03'], '5']);
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

test('a continue token that is no base64 says where', async () => {
  const { json } = await server.send(`GET ${configMaps}?limit=1&continue=x`);
  expect(json.message).toMatch(/illegal base64 data at input byte 0$/);
  const padded = await server.send(`GET ${configMaps}?limit=1&continue=eHl6eg%3D%3D`);
  expect(padded.json.message).toMatch(/illegal base64 data at input byte 6$/);
});

test('an empty namespace in a path is none: all are listed, and nothing is written', async () => {
  const { send, open } = await testServer();
  await send('POST /api/v1/namespaces', { body: { metadata: { name: 'configmaps' } } });
  for (const namespace of ['default', 'configmaps'])
    await send(`POST /api/v1/namespaces/${namespace}/configmaps`, { body: { metadata: { name: 'a' } } });
  const found = async (path: string) =>
    (await send(`GET ${path}`)).json.items.map((each: { metadata: object }) => each.metadata);
  expect(await found('/api/v1/namespaces//configmaps')).toEqual(await found('/api/v1/configmaps'));
  const watch = await open('GET /api/v1/namespaces//configmaps?watch=true&fieldSelector=metadata.name=a');
  expect(await watch.next()).toMatchObject({ object: { metadata: { namespace: 'configmaps' } } });
  await watch.close();
  expect(await send('DELETE /api/v1/namespaces//configmaps')).toMatchObject({ status: 405 });
  expect(await send('GET /api/v1/namespaces//configmaps/a')).toMatchObject({ status: 404 });
  expect(await send('GET /api/v1/namespaces//status')).toMatchObject({ status: 404 });
  const { json } = await send('GET /api/v1/namespaces/configmaps');
  expect(json.metadata.deletionTimestamp).toBeUndefined();
});
