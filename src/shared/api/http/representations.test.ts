import { describe, expect, test } from '@jest/globals';
import { decodeProtobuf } from '../../kinds/schema/protobuf.ts';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const meta = (as: string, type = 'application/json', v = 'v1') => `${type};as=${as};g=meta.k8s.io;v=${v}`;
const protobuf = 'application/vnd.kubernetes.protobuf';

async function served() {
  const server = await testServer();
  await server.send(`POST ${configMaps}`, { body: { metadata: { name: 'a' }, data: { k: 'v' } } });
  const get = (path: string, headers: Record<string, string>) =>
    server.send(`GET ${configMaps}${path}`, { headers });
  return { ...server, get };
}

describe('what is asked for in one form only', () => {
  test.each([
    ['/a', meta('PartialObjectMetadata'), 'PartialObjectMetadata', 'meta.k8s.io/v1'],
    ['', meta('PartialObjectMetadataList'), 'PartialObjectMetadataList', 'meta.k8s.io/v1'],
    [
      '',
      meta('PartialObjectMetadataList', undefined, 'v1beta1'),
      'PartialObjectMetadataList',
      'meta.k8s.io/v1beta1',
    ],
    ['/a', meta('Table'), 'Table', 'meta.k8s.io/v1'],
  ])('%s as %s', async (path, accept, kind, apiVersion) => {
    const { get } = await served();
    const { status, json } = await get(path, { accept });
    expect([status, json.kind, json.apiVersion]).toEqual([200, kind, apiVersion]);
    for (const item of json.items ?? [])
      expect(item).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion });
  });

  test('metadata comes in the format that the client prefers, an object in JSON wherever it is taken', async () => {
    const { get } = await served();
    const type = async (accept: string) => (await get('/a', { accept })).headers['content-type'];
    const as = 'PartialObjectMetadata';
    expect(await type(`${meta(as, protobuf)},${meta(as)},application/json`)).toBe(protobuf);
    expect(await type(`${meta(as)},${meta(as, protobuf)},application/json`)).toBe('application/json');
    expect(await type(`${protobuf},application/json`)).toBe('application/json');
  });

  const only =
    'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf';
  test.each([
    [
      '/a',
      meta('PartialObjectMetadataList'),
      'you requested PartialObjectMetadataList, but the requested object is not a list (*core.ConfigMap)',
    ],
    [
      '',
      meta('PartialObjectMetadata'),
      'you requested PartialObjectMetadata, but the requested object is a list (*core.ConfigMapList)',
    ],
    ['/a', meta('Table', undefined, 'v2'), only],
    ['/a', meta('Table', protobuf), only],
    ['/a', 'application/json;stream=other', only],
    [
      '/a',
      'text/html',
      '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ],
    [
      '/none',
      'text/html',
      '406: Not Acceptable\n\nAvailable representations: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    ],
  ])('%s as %s is refused', async (path, accept, message) => {
    const { get } = await served();
    const { status, text } = await get(path, { accept });
    expect(status).toBe(406);
    expect(text).toContain(message.split('\n')[0]);
  });

  test('what cannot be answered is not done', async () => {
    const { send, get } = await served();
    const headers = { accept: 'text/html' };
    expect((await send(`POST ${configMaps}`, { headers, body: { metadata: { name: 'b' } } })).status).toBe(
      406,
    );
    expect((await get('/b', {})).status).toBe(404);
  });
});

describe('a Status comes in the format that the client takes', () => {
  test('as YAML', async () => {
    const { get } = await served();
    const { headers, text } = await get('/none', { accept: 'application/yaml' });
    expect(headers['content-type']).toBe('application/yaml');
    expect(text).toContain('message: configmaps "none" not found\n');
  });

  test('as protobuf, to those that take nothing else', async () => {
    const { handle } = await served();
    const ask = async (accept: string) =>
      handle({
        method: 'GET',
        target: `${configMaps}/none`,
        header: (name) => (name === 'accept' ? accept : undefined),
        headersBeginning: () => [],
        body: async () => new Uint8Array(),
        peer: { address: '', internal: { user: 'u', groups: ['system:masters'] } },
        signal: new AbortController().signal,
      });
    const { headers, body } = await ask(protobuf);
    expect(headers['content-type']).toBe(protobuf);
    const expected = { apiVersion: 'v1', kind: 'Status', type: 'Status' };
    expect(decodeProtobuf(body as Uint8Array, expected)).toMatchObject({ reason: 'NotFound', code: 404 });
    expect((await ask(`${protobuf},application/json`)).headers['content-type']).toBe('application/json');
  });
});

test.each([
  ['?pretty=true', '', true],
  ['?pretty=1', '', true],
  ['?pretty=false', 'curl/8', false],
  ['', 'curl/8', true],
  ['', 'Mozilla/5.0 (X11)', true],
  ['', 'kubectl/v1.35', false],
])('%j for %j is pretty: %j', async (query, agent, isPretty) => {
  const { get } = await served();
  for (const path of ['/a', '', '/none']) {
    const { text } = await get(`${path}${query}`, { 'user-agent': agent });
    expect(text.startsWith('{\n  "kind"')).toBe(isPretty);
  }
});

test('lists in YAML stand as a real server writes them', async () => {
  const { get } = await served();
  const { text } = await get('', { accept: 'application/yaml' });
  expect(text).toMatch(/^apiVersion: v1\nitems:\n- data:\n {4}k: v\n {2}metadata:\n/);
});

test('a deleted collection is answered in the form that was asked for', async () => {
  const { send } = await served();
  const { json } = await send(`DELETE ${configMaps}`, { headers: { accept: meta('Table') } });
  expect(json).toMatchObject({ kind: 'Table', rows: [{ cells: ['a', 1, '0s'] }] });
});
