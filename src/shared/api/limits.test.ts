import { describe, expect, test } from '@jest/globals';
import { encodeProtobuf } from '../kinds/schema/protobuf-encode.ts';
import { testServer } from './testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const nested = (depth: number, open: string, close: string) => open.repeat(depth) + close.repeat(depth);

describe('bodies that are refused change nothing', () => {
  test.each([
    { what: 'too large', body: `{"data":{"a":"${'x'.repeat(3 * 1024 * 1024)}"}}`, status: 413 },
    { what: 'nested too deep', body: `{"metadata":${nested(1000, '{"a":', '}')}}`, status: 400 },
    { what: 'cut off', body: '{"metadata":{"name":"x"', status: 400 },
    { what: 'a list', body: nested(100_000, '[', ']'), status: 400 },
    { what: 'null', body: 'null', status: 422 },
    { what: 'not UTF-8', body: Buffer.from([0x7b, 0xff, 0x7d]), status: 400 },
    { what: 'metadata of the wrong type', body: '{"metadata":[]}', status: 400 },
    { what: 'a YAML bomb', type: 'application/yaml', body: bomb(), status: 400 },
    { what: 'a YAML list', type: 'application/yaml', body: '- a', status: 400 },
    {
      what: 'cut-off protobuf',
      type: 'application/vnd.kubernetes.protobuf',
      body: Buffer.from('k8s\0zzz'),
      status: 400,
    },
    { what: 'CBOR', type: 'application/cbor', body: '{}', status: 415 },
  ])('$what: $status', async ({ body, status, type = 'application/json' }) => {
    const { send } = await testServer();
    const answer = await send(`POST ${configMaps}`, { headers: { 'content-type': type }, body });
    expect(answer).toMatchObject({ status, json: { kind: 'Status', status: 'Failure', code: status } });
    expect((await send(`GET ${configMaps}`)).json.items).toEqual([]);
  });

  test.each([
    { type: 'application/merge-patch+json', body: nested(100_000, '{"a":', '}'), status: 400 },
    { type: 'application/merge-patch+json', body: '"text"', status: 400 },
    { type: 'application/json-patch+json', body: '{}', status: 400 },
    { type: 'application/strategic-merge-patch+json', body: '{"data":{"a":1}}', status: 422 },
    { type: 'application/merge-patch+json', body: '{"metadata":null}', status: 400 },
    { type: 'application/merge-patch+json', body: '{"kind":"Secret"}', status: 422 },
    { type: 'application/merge-patch+json', body: '{"metadata":{"uid":"other"}}', status: 409 },
    { type: 'application/apply-patch+yaml', body: '{}', status: 400 },
    { type: 'application/apply-patch+yaml', body: 'a: [b', status: 400 },
  ])('PATCH $type $body', async ({ type, body, status }) => {
    const { send } = await testServer();
    const created = await send(`POST ${configMaps}`, { body: { metadata: { name: 'c' }, data: { a: '1' } } });
    const answer = await send(`PATCH ${configMaps}/c?fieldManager=me`, {
      headers: { 'content-type': type },
      body,
    });
    expect(answer).toMatchObject({ status, json: { kind: 'Status' } });
    expect((await send(`GET ${configMaps}/c`)).text).toBe(created.text);
  });
});

/** Aliases of aliases: small to send, huge to expand. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 9; i++)
    lines.push(
      `a${i}: &a${i} [${Array(10)
        .fill(`*a${i - 1}`)
        .join(', ')}]`,
    );
  return lines.join('\n');
}

test('the same object in JSON, YAML and protobuf is stored alike', async () => {
  const object = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'c' }, data: { b: '2', a: '1' } };
  const bodies = [
    { type: 'application/json; charset=utf-8', body: JSON.stringify(object) },
    { type: 'application/yaml', body: 'metadata: {name: c}\ndata:\n  b: "2"\n  a: "1"\n' },
    { type: 'application/vnd.kubernetes.protobuf', body: encodeProtobuf(object, 'ConfigMap') },
  ];
  const stored = await Promise.all(
    bodies.map(async ({ type, body }) => {
      const { send } = await testServer();
      return (await send(`POST ${configMaps}`, { headers: { 'content-type': type }, body })).text;
    }),
  );
  expect(new Set(stored).size).toBe(1);
  expect(stored[0]).toContain('"data":{"a":"1","b":"2"}');
});

test.each(['HEAD', 'OPTIONS', 'TRACE'])('%s is not allowed', async (method) => {
  const { send } = await testServer();
  expect((await send(`${method} ${configMaps}`)).status).toBe(405);
});

test.each([
  { line: 'POST /api/v1/namespaces/default/bindings/p', code: 404 },
  { line: 'GET /api/v1/namespaces/default/bindings/p', code: 404 },
  { line: 'GET /api/v1/namespaces/default/bindings', code: 405 },
  { line: 'POST /api/v1/bindings', code: 404 },
  { line: 'POST /apis/authentication.k8s.io/v1/tokenreviews/r', code: 404 },
  { line: 'GET /apis/authentication.k8s.io/v1/tokenreviews', code: 405 },
  { line: 'POST /api/v1/componentstatuses', code: 405 },
  { line: 'POST /api/v1/componentstatuses/scheduler', code: 405 },
  { line: 'DELETE /api/v1/componentstatuses/scheduler', code: 405 },
  { line: `POST ${configMaps}/c`, code: 405 },
  { line: `PUT ${configMaps}`, code: 405 },
])('$line is answered $code as by a real server', async ({ line, code }) => {
  const { send } = await testServer();
  const metadata = { name: 'p' };
  await send('POST /api/v1/namespaces/default/pods', {
    body: { metadata, spec: { containers: [{ name: 'c', image: 'i' }] } },
  });
  // To each of them it would be a body that makes sense.
  const body = { metadata, target: { name: 'n' }, spec: { token: 't' } };
  expect((await send(line, { body })).json).toMatchObject({
    code,
    details: {},
    message: expect.stringContaining('the requested resource'),
  });
});

test.each(['/api/v1/namespaces/%zz/pods', '/api/v1/pods?limit=%'])('%s is a BadRequest', async (target) => {
  const { send } = await testServer();
  expect((await send(`GET ${target}`)).json.reason).toBe('BadRequest');
});
