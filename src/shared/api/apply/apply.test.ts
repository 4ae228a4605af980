import { describe, expect, test } from '@jest/globals';
import type { ManagedFieldsEntry } from '../../kinds/schema/types.ts';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const deployments = '/apis/apps/v1/namespaces/default/deployments';
const applyType = 'application/apply-patch+yaml';
const configMap = (data: object | undefined, metadata: object = {}) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', ...metadata },
  ...(data && { data }),
});
const container = { name: 'c', image: 'a:1', ports: [{ containerPort: 80 }] };
const deployment = (spec: object = {}) => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd' },
  spec: {
    selector: { matchLabels: { a: 'b' } },
    template: { metadata: { labels: { a: 'b' } }, spec: { containers: [container] } },
    ...spec,
  },
});

const ports = [{ containerPort: 80, protocol: 'TCP' }];
const inContainer = (more: object) => ({
  template: { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', ...more }] } },
});
const namesInContainer = (more: object) => ({
  'f:template': {
    'f:metadata': { 'f:labels': { 'f:a': {} } },
    'f:spec': { 'f:containers': { 'k:{"name":"c"}': { '.': {}, 'f:name': {}, ...more } } },
  },
});

async function server() {
  const { send, ...rest } = await testServer();
  const apply = (path: string, manager: string, body: unknown, more = '') =>
    send(`PATCH ${path}?fieldManager=${manager}${more}`, { headers: { 'content-type': applyType }, body });
  const merge = (path: string, manager: string, body: unknown) =>
    send(`PATCH ${path}?fieldManager=${manager}`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body,
    });
  return { send, apply, merge, ...rest };
}

/** Manager, operation and door by what they own. */
const owned = (json: { metadata: { managedFields?: ManagedFieldsEntry[] } }) =>
  Object.fromEntries(
    (json.metadata.managedFields ?? []).map(({ manager, operation, subresource, fieldsV1 }) => [
      [manager, operation, subresource].filter(Boolean).join(' '),
      fieldsV1,
    ]),
  );

const c = `${configMaps}/c`;
const d = `${deployments}/d`;

describe('server-side apply', () => {
  test('creates, then changes only what it says, and owns just that', async () => {
    const { apply, merge } = await server();
    const created = await apply(c, 'one', configMap({ a: '1', b: '2' }, { labels: { x: 'y' } }));
    expect(created.status).toBe(201);
    expect(owned(created.json)).toEqual({
      'one Apply': { 'f:data': { 'f:a': {}, 'f:b': {} }, 'f:metadata': { 'f:labels': { 'f:x': {} } } },
    });
    await merge(c, 'two', { data: { z: '9' } });
    const { status, json } = await apply(c, 'one', configMap({ a: '1' }));
    expect([status, json.data, json.metadata.labels]).toEqual([200, { a: '1', z: '9' }, undefined]);
    expect(owned(json)).toEqual({
      'one Apply': { 'f:data': { 'f:a': {} } },
      'two Update': { 'f:data': { 'f:z': {} } },
    });
  });

  test('that changes nothing writes nothing', async () => {
    const { apply, clock } = await server();
    const first = await apply(c, 'one', configMap({ a: '1' }));
    await clock.advance(5000);
    expect((await apply(c, 'one', configMap({ a: '1' }))).text).toBe(first.text);
  });

  test('of a status that controllers write conflicts with nobody and takes nothing from them', async () => {
    const { apply, merge, send } = await server();
    await apply(d, 'helm', deployment());
    await merge(`${d}/status`, 'controller', { status: { replicas: 3 } });
    const stale = { ...deployment({ replicas: 2 }), status: { replicas: 1 } };
    for (const force of ['', '&force=true']) {
      const { status, json } = await apply(d, 'helm', stale, force);
      expect([status, json.spec.replicas, json.status.replicas]).toEqual([200, 2, 3]);
      expect(owned(json)['controller Update status']).toEqual({ 'f:status': { 'f:replicas': {} } });
    }
    const theirs = { ...deployment({ replicas: 5 }), status: { replicas: 4 } };
    expect((await apply(`${d}/status`, 'other', theirs)).json.message).toBe(
      'Apply failed with 1 conflict: conflict with "controller" with subresource "status" using apps/v1: .status.replicas',
    );
    expect((await send(`GET ${d}`)).json.spec.replicas).toBe(2);
  });

  test('of YAML is the same', async () => {
    const { apply } = await server();
    const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: {a: "1"}\n';
    expect((await apply(c, 'one', body)).json.data).toEqual({ a: '1' });
  });

  test('conflicts with other owners in the recorded words, unless it is forced', async () => {
    const { apply, merge } = await server();
    await apply(c, 'one', configMap({ a: '1', b: '1' }));
    await merge(c, 'golden', { data: { b: '2' } });
    const single = await apply(c, 'me', configMap({ b: '3' }));
    expect(single.json).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "golden" using v1: .data.b',
      details: {
        causes: [
          { reason: 'FieldManagerConflict', message: 'conflict with "golden" using v1', field: '.data.b' },
        ],
      },
    });
    expect((await apply(c, 'me', configMap({ a: '3', b: '3' }))).json.message).toBe(
      'Apply failed with 2 conflicts: conflicts with "golden" using v1:\n- .data.b\nconflicts with "one":\n- .data.a',
    );
    const forced = await apply(c, 'me', configMap({ a: '3', b: '3' }), '&force=true');
    expect([forced.json.data, Object.keys(owned(forced.json))]).toEqual([{ a: '3', b: '3' }, ['me Apply']]);
  });

  test('of the same value shares the field', async () => {
    const { apply } = await server();
    await apply(c, 'one', configMap({ a: '1' }));
    const both = await apply(c, 'two', configMap({ a: '1' }));
    expect(Object.keys(owned(both.json))).toEqual(['two Apply', 'one Apply']);
    // One lets go of it; the other keeps it.
    expect((await apply(c, 'one', configMap(undefined))).json.data).toEqual({ a: '1' });
    expect((await apply(c, 'two', configMap(undefined))).json.data).toBeUndefined();
  });

  test('to an object that nobody owns meets what was there before', async () => {
    const { apply, merge } = await server();
    await apply(c, 'one', configMap({ a: '1' }));
    const cleared = await merge(c, 'two', { metadata: { managedFields: [{}] } });
    expect(cleared.json.metadata.managedFields).toBeUndefined();
    expect((await merge(c, 'two', { data: { b: '2' } })).json.metadata.managedFields).toBeUndefined();
    expect((await apply(c, 'me', configMap({ a: '2' }))).json.message).toContain(
      'conflict with "before-first-apply" using v1: .data.a',
    );
  });

  test('takes keys of every name for data', async () => {
    const { apply } = await server();
    const body = JSON.stringify(configMap({ a: '1' })).replace('"a"', '"__proto__"');
    await apply(c, 'one', body);
    const { text } = await apply(c, 'one', body.replace('"1"', '"2"'));
    expect(text).toContain('"data":{"__proto__":"2"}');
  });

  // Java Operator SDK asks so for an object to be created and never changed.
  test('at a resourceVersion creates what is not there, and changes nothing that is', async () => {
    const { apply, send } = await server();
    const wanted = (a: string) => apply(c, 'one', configMap({ a }, { resourceVersion: '1' }), '&force=true');
    const answers = await Promise.all([wanted('1'), wanted('1')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
    const created = answers.find(({ status }) => status === 201)!.json;
    expect(created.metadata.resourceVersion).not.toBe('1');
    expect(Object.keys(owned(created))).toEqual(['one Apply']);
    expect((await wanted('2')).json).toMatchObject({
      reason: 'Conflict',
      message: expect.stringContaining('the object has been modified'),
    });
    expect((await send(`GET ${c}`)).json).toEqual(created);
  });

  test('as a dry run stores nothing', async () => {
    const { apply, send } = await server();
    expect((await apply(c, 'one', configMap({ a: '1' }), '&dryRun=All')).status).toBe(201);
    expect((await send(`GET ${c}`)).status).toBe(404);
  });

  test.each([
    [{ kind: 'ConfigMap' }, 400, 'invalid object type: /, Kind=ConfigMap'],
    [{ ...configMap({}), kind: 'Secret' }, 400, 'invalid object type: /v1, Kind=Secret'],
    [configMap({}, { name: 'other' }), 400, 'does not match the name on the URL'],
    [configMap({}, { managedFields: [{ manager: 'x' }] }), 400, 'metadata.managedFields must be nil'],
    [
      { ...configMap({}), dataz: { a: 1 } },
      500,
      '(/c; /v1, Kind=ConfigMap): .dataz: field not declared in schema',
    ],
    [
      { ...configMap({}, { other: 1, more: 2 }), dataz: 1, datay: 2 },
      500,
      '(/c; /v1, Kind=ConfigMap): errors:\n  .metadata.other: field not declared in schema\n  .dataz: field not declared in schema',
    ],
    [configMap({ a: 1 }), 500, 'failed to create typed patch object (/c; /v1, Kind=ConfigMap)'],
    [configMap({}, { resourceVersion: 'x' }), 500, 'strconv.ParseUint: parsing "x": invalid syntax'],
    [configMap({}, { uid: 'x' }), 409, 'uid mismatch: the provided object specified uid x'],
    ['a: [b', 400, 'error decoding YAML'],
    ['[]', 400, 'error decoding YAML'],
  ])('%j is refused: %i %s', async (body, code, message) => {
    const { apply, send } = await server();
    const { json } = await apply(c, 'me', body);
    expect(json).toMatchObject({ code, message: expect.stringContaining(message) });
    expect((await send(`GET ${c}`)).status).toBe(404);
  });
});

describe('an apply that names what is null or empty', () => {
  const all = [
    { what: 'a number', spec: { replicas: null }, names: { 'f:replicas': {} }, replicas: 1 },
    { what: 'a whole part', spec: { template: null }, names: { 'f:template': {} } },
    {
      what: 'a list that is owned whole',
      spec: inContainer({ args: [] }),
      names: namesInContainer({ 'f:args': {} }),
      args: undefined,
    },
    {
      what: 'a list of items',
      spec: inContainer({ ports: null }),
      names: namesInContainer({ 'f:ports': {} }),
    },
    { what: 'no items', spec: inContainer({ ports: [] }), names: namesInContainer({}) },
  ];
  test.each(all)('$what', async ({ what: _, spec, names, ...expected }) => {
    const { send, apply } = await server();
    const body = deployment({ replicas: 3, ...inContainer({ image: 'a:1', args: ['x'], ports }) });
    await send(`POST ${deployments}`, { headers: { 'content-type': 'application/json' }, body });
    const { status, json } = await apply(d, 'one', { ...deployment(), spec }, '&force=true');
    const [{ args, ports: left }] = json.spec.template.spec.containers;
    const was = { replicas: 3, args: ['x'], ports: left };
    expect({ status, replicas: json.spec.replicas, args, ports: left }).toEqual({
      status: 200,
      ...was,
      ...expected,
    });
    expect(left).toHaveLength(1);
    expect(owned(json)['one Apply']).toEqual({ 'f:spec': names });
  });

  test('conflicts with who owns it', async () => {
    const { send, apply } = await server();
    const headers = { 'content-type': 'application/json' };
    await send(`POST ${deployments}?fieldManager=two`, { headers, body: deployment({ replicas: 3 }) });
    const { status, json } = await apply(d, 'one', { ...deployment(), spec: { replicas: null } });
    expect([status, json.message]).toEqual([
      409,
      'Apply failed with 1 conflict: conflict with "two" using apps/v1: .spec.replicas',
    ]);
  });
});

test('a list that names an item twice is refused', async () => {
  const { apply } = await server();
  const body = deployment({ template: { spec: { containers: [container, container] } } });
  const { json } = await apply(`${deployments}/d`, 'me', body);
  expect(json).toMatchObject({
    code: 500,
    message:
      'failed to create typed patch object (/d; apps/v1, Kind=Deployment): .spec.template.spec.containers: duplicate entries for key [name="c"]',
  });
});

test('who may only patch cannot create by applying', async () => {
  const authorizer = {
    decide: ({ verb }: { verb: string }) => ({ allowed: verb !== 'create' }),
    rules: () => ({ resourceRules: [], nonResourceRules: [] }),
  };
  const { send } = await testServer({ authorizer });
  const headers = { 'content-type': applyType };
  const { json } = await send(`PATCH ${c}?fieldManager=me`, { headers, body: configMap({ a: '1' }) });
  expect(json).toMatchObject({
    code: 403,
    message: expect.stringContaining('cannot create resource "configmaps"'),
  });
});

describe('kubectl apply --server-side after kubectl apply', () => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration';
  const clientSide = async (data: object) => {
    const all = await server();
    const config = configMap({ a: '1' });
    const metadata = { name: 'c', annotations: { [annotation]: `${JSON.stringify(config)}\n` } };
    await all.send(`POST ${configMaps}?fieldManager=kubectl-client-side-apply`, {
      body: { ...config, metadata, data },
    });
    return all;
  };

  test('may change what was last applied, and keeps that annotation in step', async () => {
    const { apply } = await clientSide({ a: '1' });
    const { status, json } = await apply(c, 'kubectl', configMap({ a: '2' }));
    expect([status, json.data]).toEqual([200, { a: '2' }]);
    expect(JSON.parse(json.metadata.annotations[annotation])).toEqual(configMap({ a: '2' }));
  });

  test('does not change what was never applied, nor under another name', async () => {
    const { apply } = await clientSide({ a: '1', b: '1' });
    const one = 'Apply failed with 1 conflict: conflict with "kubectl-client-side-apply" using v1: .data.';
    expect((await apply(c, 'kubectl', configMap({ a: '2', b: '2' }))).json.message).toBe(`${one}b`);
    expect((await apply(c, 'other', configMap({ a: '2' }))).json.message).toBe(`${one}a`);
  });
});

describe('managedFields', () => {
  test('of a creation name what the client and the defaults wrote, as a real server does', async () => {
    const { send } = await server();
    const { json } = await send(`POST ${deployments}`, {
      body: deployment(),
      headers: { 'user-agent': 'tool/1.2 (x)' },
    });
    const [entry] = json.metadata.managedFields;
    expect(entry).toMatchObject({
      manager: 'tool',
      operation: 'Update',
      apiVersion: 'apps/v1',
      fieldsType: 'FieldsV1',
    });
    expect(entry.fieldsV1['f:spec']).toEqual({
      'f:progressDeadlineSeconds': {},
      'f:replicas': {},
      'f:revisionHistoryLimit': {},
      'f:selector': {},
      'f:strategy': {
        'f:rollingUpdate': { '.': {}, 'f:maxSurge': {}, 'f:maxUnavailable': {} },
        'f:type': {},
      },
      'f:template': {
        'f:metadata': { 'f:labels': { '.': {}, 'f:a': {} } },
        'f:spec': expect.objectContaining({
          'f:containers': {
            'k:{"name":"c"}': expect.objectContaining({
              '.': {},
              'f:ports': {
                '.': {},
                'k:{"containerPort":80,"protocol":"TCP"}': {
                  '.': {},
                  'f:containerPort': {},
                  'f:protocol': {},
                },
              },
              'f:resources': {},
            }),
          },
          'f:securityContext': {},
        }),
      },
    });
  });

  test('tell through which door somebody wrote', async () => {
    const { apply, merge, send } = await server();
    await apply(`${deployments}/d`, 'one', deployment({ replicas: 1 }));
    await merge(`${deployments}/d/scale`, 'scaler', { spec: { replicas: 4 } });
    await merge(`${deployments}/d/status`, 'reporter', { status: { replicas: 1 } });
    const { json } = await send(`GET ${deployments}/d`);
    expect(owned(json)).toMatchObject({
      'scaler Update scale': { 'f:spec': { 'f:replicas': {} } },
      'reporter Update status': { 'f:status': { 'f:replicas': {} } },
    });
    expect(owned(json)['one Apply']!['f:spec']).not.toHaveProperty('f:replicas');
    const conflict = await apply(`${deployments}/d`, 'one', deployment({ replicas: 2 }));
    expect(conflict.json.message).toContain(
      'conflict with "scaler" with subresource "scale" using apps/v1: .spec.replicas',
    );
  });

  test('can be handed over by a patch of them, as kubectl does', async () => {
    const { send, apply } = await server();
    await send(`POST ${configMaps}?fieldManager=before`, { body: configMap({ a: '1' }) });
    const patch = [{ op: 'replace', path: '/metadata/managedFields/0/manager', value: 'after' }];
    const headers = { 'content-type': 'application/json-patch+json' };
    const { json } = await send(`PATCH ${c}`, { headers, body: patch });
    expect(Object.keys(owned(json))).toEqual(['after Update']);
    expect((await apply(c, 'me', configMap({ a: '2' }))).json.message).toContain('"after"');
  });

  test('stay few, however many programs write', async () => {
    const { send, merge, clock } = await server();
    await send(`POST ${configMaps}?fieldManager=first`, { body: configMap({ a: '1' }) });
    for (let i = 0; i < 15; i++) {
      await clock.advance(1000);
      await merge(c, `m${i}`, { data: { [`k${i}`]: 'v' } });
    }
    const { json } = await send(`GET ${c}`);
    const all = owned(json);
    expect(Object.keys(all)).toHaveLength(10);
    expect(all['ancient-changes Update']!['f:data']).toMatchObject({ 'f:a': {}, 'f:k0': {}, 'f:k5': {} });
    expect(all['m14 Update']).toEqual({ 'f:data': { 'f:k14': {} } });
  });

  test('are not kept of what controllers in the process make', async () => {
    const { send } = await server();
    const peer = { address: '', internal: { user: 'controllers', groups: ['system:masters'] } };
    const made = await send(`POST ${configMaps}`, { body: configMap({ a: '1' }), peer });
    expect(made.json.metadata.managedFields).toBeUndefined();
  });
});
