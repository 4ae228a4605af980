import { describe, expect, test } from '@jest/globals';
import { encodeProtobuf } from '../kinds/schema/protobuf-encode.ts';
import { testServer } from './testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const pods = '/api/v1/namespaces/default/pods';
const jsonPatch = { 'content-type': 'application/json-patch+json' };

describe('A4: a patch makes no more of an object than its budget', () => {
  const refusal = {
    kind: 'Status',
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  };
  test.each([
    {
      what: 'copies that double',
      body: Array.from({ length: 24 }, (_, i) => ({
        op: 'copy',
        from: '/metadata',
        path: `/metadata/x${i}`,
      })),
      status: 422,
      json: refusal,
    },
    {
      what: 'moves that nest',
      body: [
        { op: 'add', path: '/x', value: {} },
        ...Array.from({ length: 2000 }, () => [
          { op: 'add', path: '/y', value: {} },
          { op: 'move', from: '/x', path: '/y/x' },
          { op: 'move', from: '/y', path: '/x' },
        ]).flat(),
      ],
      status: 422,
      json: refusal,
    },
    {
      what: 'too many operations',
      body: Array.from({ length: 10_001 }, () => ({ op: 'add', path: '/data/x', value: '1' })),
      status: 413,
      json: {
        reason: 'RequestEntityTooLarge',
        message:
          'Request entity too large: The allowed maximum operations in a JSON patch is 10000, got 10001',
      },
    },
    { what: 'nothing as an operation', body: [null], status: 422, json: refusal },
    {
      what: 'a number as an operation',
      body: [1],
      status: 400,
      json: {
        message:
          'error decoding patch: json: cannot unmarshal number into Go value of type handlers.jsonPatchOp',
      },
    },
    {
      what: 'a number as the kind of an operation',
      body: [{ op: 1, path: 2 }],
      status: 400,
      json: {
        message:
          'error decoding patch: json: cannot unmarshal number into Go struct field jsonPatchOp.op of type string',
      },
    },
  ])('$what: $status', async ({ body, status, json }) => {
    const { send } = await testServer();
    await send(`POST ${configMaps}`, { body: { metadata: { name: 'a', labels: { x: '1' } } } });
    const answer = await send(`PATCH ${configMaps}/a`, { headers: jsonPatch, body });
    expect(answer).toMatchObject({ status, json });
  });
});

describe('A7: names of Object.prototype are names like any other', () => {
  test.each([
    ['/healthz/constructor', 404],
    ['/healthz/__proto__', 404],
    ['/readyz/toString', 404],
    ['/constructor', 404],
    ['/valueOf', 404],
    ['/__proto__', 404],
    ['/apis/constructor', 404],
    ['/api/v1/constructor', 404],
    [`${configMaps}/x/constructor`, 404],
    [`${pods}/x/toString`, 404],
    [`${configMaps}?fieldSelector=constructor=x`, 400],
    [`${pods}?fieldSelector=toString=x`, 400],
    [`${pods}?fieldSelector=__proto__=x`, 400],
    [`${configMaps}?labelSelector=constructor=x`, 200],
    [`${configMaps}?labelSelector=constructor`, 200],
  ])('GET %s: %i', async (path, status) => {
    const { send } = await testServer();
    await send(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const answer = await send(`GET ${path}`);
    expect(answer.status).toBe(status);
    if (status === 200) expect(answer.json.items).toEqual([]);
  });

  test.each([
    [
      '{"$patch":[{"toString":{}}]}',
      'unknown patch type: [map[toString:map[]]] in map: map[$patch:[map[toString:map[]]]]',
    ],
    ['{"$patch":{"a":1}}', 'unknown patch type: map[a:%!s(int64=1)] in map: map[$patch:map[a:1]]'],
    ['{"$patch":null}', 'unknown patch type: %!s(<nil>) in map: map[$patch:<nil>]'],
    [
      '{"$setElementOrder/__proto__":[]}',
      'unable to find api field in struct ConfigMap for the json field "__proto__"',
    ],
  ])('strategic patch %s', async (body, message) => {
    const { send } = await testServer();
    await send(`POST ${configMaps}`, { body: { metadata: { name: 'a' } } });
    const headers = { 'content-type': 'application/strategic-merge-patch+json' };
    const answer = await send(`PATCH ${configMaps}/a`, { headers, body });
    expect(answer).toMatchObject({ status: 500, json: { kind: 'Status', message } });
  });

  const data = '{"__proto__":"p","constructor":"c","toString":"t"}';
  test.each([
    ['json', 'application/json', `{"metadata":{"name":"a"},"data":${data}}`],
    ['yaml', 'application/yaml', `metadata: {name: a}\ndata: ${data}`],
    ['protobuf', 'application/vnd.kubernetes.protobuf', protobuf(JSON.parse(data))],
  ])('keys of a ConfigMap are stored from %s and come back', async (_what, type, body) => {
    const { send } = await testServer();
    const created = await send(`POST ${configMaps}`, { headers: { 'content-type': type }, body });
    expect(created.status).toBe(201);
    expect(created.text).toContain(`"data":${data}`);
    const yaml = await send(`GET ${configMaps}/a`, { headers: { accept: 'application/yaml' } });
    expect(yaml.text).toContain('data:\n  __proto__: p\n  constructor: c\n  toString: t\n');
  });

  test('keys of a ConfigMap are patched in every way', async () => {
    const { send } = await testServer();
    await send(`POST ${configMaps}`, { body: `{"metadata":{"name":"a"},"data":${data}}` });
    const dataAfter = async (type: string, body: string) => {
      const line = `PATCH ${configMaps}/a?fieldManager=m${type.startsWith('apply') ? '&force=true' : ''}`;
      const answer = await send(line, { headers: { 'content-type': `application/${type}` }, body });
      return /"data":(\{.*?\})/.exec(answer.text)?.[1];
    };
    expect(
      await dataAfter('merge-patch+json', '{"data":{"__proto__":"n","toString":null,"valueOf":"v"}}'),
    ).toBe('{"__proto__":"n","constructor":"c","valueOf":"v"}');
    expect(
      await dataAfter('strategic-merge-patch+json', '{"data":{"__proto__":"s","constructor":null}}'),
    ).toBe('{"__proto__":"s","valueOf":"v"}');
    const operations = [
      { op: 'copy', from: '/data/__proto__', path: '/data/toString' },
      { op: 'replace', path: '/data/__proto__', value: 'j' },
      { op: 'remove', path: '/data/valueOf' },
    ];
    expect(await dataAfter('json-patch+json', JSON.stringify(operations))).toBe(
      '{"__proto__":"j","toString":"s"}',
    );
    const applied = '{"apiVersion":"v1","kind":"ConfigMap","data":{"__proto__":"a","constructor":"b"}}';
    expect(await dataAfter('apply-patch+yaml', applied)).toBe(
      '{"__proto__":"a","constructor":"b","toString":"s"}',
    );
  });

  test('160,000 bad labels are refused, with as many findings as anybody reads', async () => {
    const { send } = await testServer();
    const labels = Object.fromEntries(Array.from({ length: 160_000 }, (_, i) => [`!${i}`, '']));
    const answer = await send(`POST ${configMaps}`, { body: { metadata: { name: 'a', labels } } });
    expect(answer).toMatchObject({ status: 422, json: { reason: 'Invalid' } });
    expect(answer.json.details.causes).toHaveLength(1000);
  });
});

describe('B9: integers beyond 2^53 keep their digits', () => {
  const big = '3546343826724305832';
  const revisions = '/apis/apps/v1/namespaces/default/controllerrevisions';
  test.each([
    ['application/json', `{"metadata":{"name":"a"},"revision":${big},"data":{"m":${big}}}`],
    ['application/yaml', `metadata: {name: a}\nrevision: ${big}\ndata: {m: ${big}}`],
  ])('from %s, stored, and as JSON, YAML and protobuf', async (type, body) => {
    const { send } = await testServer();
    expect((await send(`POST ${revisions}`, { headers: { 'content-type': type }, body })).status).toBe(201);
    const path = `${revisions}/a`;
    const read = async (accept: string) => (await send(`GET ${path}`, { headers: { accept } })).text;
    expect(await read('application/json')).toContain(`"data":{"m":${big}},"revision":${big}`);
    expect(await read('application/yaml')).toMatch(new RegExp(`m: ${big}[^]*revision: ${big}`));
    expect(JSON.stringify(await read('application/vnd.kubernetes.protobuf'))).toContain(big);
    const patch = '{"revision":9223372036854775807}';
    const headers = { 'content-type': 'application/merge-patch+json' };
    expect((await send(`PATCH ${path}`, { headers, body: patch })).text).toContain(
      '"revision":9223372036854775807}',
    );
    expect(
      (await send(`PATCH ${path}`, { headers, body: '{"metadata":{"labels":{"a":"b"}}}' })).text,
    ).toContain('"revision":9223372036854775807}');
  });

  test('in protobuf', async () => {
    const { send } = await testServer();
    const object = {
      kind: 'ControllerRevision',
      apiVersion: 'apps/v1',
      metadata: { name: 'a' },
      data: { m: 1 },
      revision: BigInt(big),
    };
    const headers = { 'content-type': 'application/vnd.kubernetes.protobuf' };
    const body = encodeProtobuf(object, 'ControllerRevision');
    expect((await send(`POST ${revisions}`, { headers, body })).text).toContain(`"revision":${big}`);
  });

  test.each([
    ['amounts', '"resources":{"limits":{"cpu":3546343826724305832}}', 201, '"cpu":"3546343826724305832"'],
    ['seconds', '"name":"c"', 201, '"terminationGracePeriodSeconds":9007199254740993'],
    [
      'what is more than 64 bits',
      '"ports":[{"containerPort":9007199254740993}]',
      400,
      'number 9007199254740993 into',
    ],
  ])('%s of a Pod', async (_what, part, status, text) => {
    const { send } = await testServer();
    const body = `{"metadata":{"name":"p"},"spec":{"terminationGracePeriodSeconds":9007199254740993,"containers":[{"name":"a","image":"i",${part}}]}}`;
    const answer = await send(`POST ${pods}`, {
      body: body.replace('"name":"a","image":"i","name":"c"', '"image":"i","name":"c"'),
    });
    expect(answer.status).toBe(status);
    expect(answer.text).toContain(text);
  });
});

describe('A5: an object is no larger than etcd takes it', () => {
  const revisions = '/apis/apps/v1/namespaces/default/controllerrevisions';
  const of = (length: number) => ({ metadata: { name: 'r' }, revision: 1, data: { a: 'x'.repeat(length) } });
  const refusal = {
    status: 500,
    json: { kind: 'Status', message: 'etcdserver: request is too large', code: 500 },
  };

  test.each([
    ['created', 1_500_000, 201],
    ['not created', 1_600_000, 500],
  ])('it is %s with %i bytes', async (_what, length, status) => {
    const { send } = await testServer();
    const answer = await send(`POST ${revisions}`, { body: of(length) });
    expect(answer).toMatchObject(status === 500 ? refusal : { status });
  });

  test('it does not grow beyond that by a patch, by an update or by server-side apply', async () => {
    const { send } = await testServer();
    const object = of(1_400_000);
    const created = await send(`POST ${revisions}`, { body: object });
    const annotations = { a: 'y'.repeat(200_000) };
    const patch = {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { metadata: { annotations } },
    };
    expect(await send(`PATCH ${revisions}/r`, patch)).toMatchObject(refusal);
    const updated = { ...object, metadata: { name: 'r', annotations } };
    expect(await send(`PUT ${revisions}/r`, { body: updated })).toMatchObject(refusal);
    const applied = { kind: 'ControllerRevision', apiVersion: 'apps/v1', ...updated };
    const headers = { 'content-type': 'application/apply-patch+yaml' };
    const line = `PATCH ${revisions}/r?fieldManager=m&force=true`;
    expect(await send(line, { headers, body: applied })).toMatchObject(refusal);
    expect((await send(`GET ${revisions}/r`)).text).toBe(created.text);
  });
});

test('A5: what is done for each owner of an object does not grow with their number', async () => {
  const { send } = await testServer();
  // Each was compared with all: 20 s at these numbers.
  const ownerReferences = Array.from({ length: 5000 }, (_, i) => ({
    apiVersion: 'v1',
    kind: 'A',
    name: `n${i}`,
    uid: `u${i % 4999}`,
  }));
  ownerReferences[4999] = ownerReferences[0]!;
  const answer = await send(`POST ${configMaps}`, { body: { metadata: { name: 'a', ownerReferences } } });
  expect(answer.json.metadata.ownerReferences).toHaveLength(4999);
  expect(String(answer.headers.warning)).toContain('duplicate UID(s) observed: u0');
});

describe('A5: YAML is read under a budget', () => {
  const yaml = { 'content-type': 'application/yaml' };
  const unrecognized = 'the object provided is unrecognized (must be of type ConfigMap): yaml: ';
  test.each([
    ['lists', '['.repeat(300_000), 'exceeded max depth of 500'],
    ['maps', '{'.repeat(300_000), 'exceeded max depth of 500'],
    ['entries', '- '.repeat(150_000), 'exceeded max depth of 500'],
    [
      'indentation',
      Array.from({ length: 2000 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
      'exceeded max depth of 500',
    ],
    ['directives', '%A\n'.repeat(100_000), ''],
    ['a value within itself', 'a: &a [*a]\n', ''],
    ['an alias of nothing', 'a: *b\n', "unknown anchor 'b' referenced"],
    [
      'aliases of a long text',
      `a: &a "${'x'.repeat(100_000)}"\nb: [${'*a,'.repeat(1000)}]\n`,
      'document contains excessive aliasing',
    ],
  ])('%s: 400', async (_what, body, why) => {
    const { send } = await testServer();
    const answer = await send(`POST ${configMaps}`, { headers: yaml, body });
    expect(answer).toMatchObject({ status: 400, json: { kind: 'Status', reason: 'BadRequest' } });
    expect(answer.json.message).toContain(unrecognized + why);
  });

  test.each([
    ['the first of many documents', `metadata: {name: a}\n${'---\n'.repeat(10_000)}`, {}],
    ['anchors', 'metadata: &m {name: a}\ndata: {x: &x "1", z: *x}\n', { x: '1', z: '1' }],
    ['merge keys', 'metadata: {name: a}\nbase: &b {x: "1"}\ndata: {<<: *b, z: "2"}\n', { x: '1', z: '2' }],
    ['no base 60', 'metadata: {name: a}\ndata: {x: 1:30, z: 20:30:40}\n', { x: '1:30', z: '20:30:40' }],
  ])('%s: 201', async (_what, body, data) => {
    const { send } = await testServer();
    const answer = await send(`POST ${configMaps}`, { headers: yaml, body });
    expect(answer.status).toBe(201);
    expect(answer.json.data ?? {}).toEqual(data);
  });

  test('keys that stand twice are told by line, as a real server tells it', async () => {
    const { send } = await testServer();
    const body = 'metadata: {name: d, name: e}\nfoo: 1\nfoo: 2\ndata:\n  a: "1"\n  a: "2"\n';
    const strict = await send(`POST ${configMaps}?fieldValidation=Strict`, { headers: yaml, body });
    expect(strict.json.message).toBe(
      'ConfigMap in version "v1" cannot be handled as a ConfigMap: strict decoding error: yaml: unmarshal errors:\n  line 1: key "name" already set in map\n  line 3: key "foo" already set in map\n  line 6: key "a" already set in map, unknown field "foo"',
    );
    const warned = await send(`POST ${configMaps}`, { headers: yaml, body });
    expect([warned.headers.warning].flat()[1]).toBe('299 - "line 3: key \\"foo\\" already set in map"');
  });
});

test('B17: a Table of a kind that has none is not acceptable', async () => {
  const { send } = await testServer();
  const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
  const body = { spec: { nonResourceAttributes: { path: '/', verb: 'get' } } };
  const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
  expect(await send(`POST ${reviews}`, { headers: { accept }, body })).toMatchObject({
    status: 406,
    json: {
      message:
        'only the following media types are accepted: application/json, application/yaml, application/vnd.kubernetes.protobuf',
    },
  });
  expect(
    (await send(`POST ${reviews}`, { headers: { accept: `${accept},application/json` }, body })).status,
  ).toBe(201);
});

function protobuf(data: Record<string, string>): Uint8Array {
  return encodeProtobuf(
    { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' }, data } as object,
    'ConfigMap',
  );
}
