import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

const schema = {
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 10 },
        replicas: { type: 'integer', default: 1 },
        color: { type: 'string', enum: ['red', 'green'], default: 'red' },
        any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
        ports: {
          type: 'array',
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['port'],
          items: {
            type: 'object',
            required: ['port'],
            properties: { port: { type: 'integer' }, name: { type: 'string' } },
          },
        },
      },
    },
    status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: { type: 'string' } } },
  },
};

const version = (name: string, more: object = {}) => ({
  name,
  served: true,
  storage: true,
  schema: { openAPIV3Schema: schema },
  subresources: {
    status: {},
    scale: {
      specReplicasPath: '.spec.replicas',
      statusReplicasPath: '.status.replicas',
      labelSelectorPath: '.status.selector',
    },
  },
  selectableFields: [{ jsonPath: '.spec.color' }],
  additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }],
  ...more,
});

const definition = (versions: object[] = [version('v1')], names: object = {}) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'widgets.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget', shortNames: ['wd'], ...names },
    versions,
  },
});

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const widgets = '/apis/example.com/v1/namespaces/default/widgets';
const json = { 'content-type': 'application/json' };
const merge = { 'content-type': 'application/merge-patch+json' };

let server: Awaited<ReturnType<typeof testServer>>;
const define = async (body: object = definition()) => {
  const answer = await server.send(`POST ${definitions}`, { headers: json, body });
  expect(answer.status).toBe(201);
  return answer.json;
};
const create = (spec: object, name = 'one') =>
  server.send(`POST ${widgets}`, {
    headers: json,
    body: { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name }, spec },
  });

beforeEach(async () => {
  server = await testServer();
});

test('a patch that makes something else of a list is refused', async () => {
  await define();
  await create({ size: 1, ports: [{ port: 1 }] });
  for (const [ports, type] of [
    [0, 'integer'],
    [{}, 'object'],
    ['a', 'string'],
  ] as const) {
    const answer = await server.send(`PATCH ${widgets}/one`, { headers: merge, body: { spec: { ports } } });
    expect([answer.status, answer.json.message]).toEqual([
      422,
      `Widget.example.com "one" is invalid: spec.ports: Invalid value: "${type}": spec.ports in body must be of type array: "${type}"`,
    ]);
  }
});

test('a scale without replicas says why, as a real server does', async () => {
  const free = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  await define(definition([version('v1', { schema: free, selectableFields: undefined })]));
  await create({ size: 1 });
  const { status, json } = await server.send(`GET ${widgets}/one/scale`);
  const message = 'the spec replicas field ".spec.replicas" does not exist';
  expect([status, json.details]).toEqual([500, { causes: [{ message }] }]);
});

test('an apply of null is refused where nothing allows it, and takes no items away', async () => {
  await define();
  await create({ size: 1, ports: [{ port: 1 }] });
  const apply = (spec: object) =>
    server.send(`PATCH ${widgets}/one?fieldManager=one&force=true`, {
      headers: { 'content-type': 'application/apply-patch+yaml' },
      body: { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec },
    });
  const refused = await apply({ size: null });
  expect([refused.status, refused.json.message]).toEqual([
    422,
    expect.stringContaining(
      'spec.size: Invalid value: "null": spec.size in body must be of type integer: "null"',
    ),
  ]);
  const taken = await apply({ ports: null, replicas: null });
  expect([taken.status, taken.json.spec]).toEqual([
    200,
    { color: 'red', ports: [{ port: 1 }], replicas: 1, size: 1 },
  ]);
});

describe('a definition', () => {
  test('is answered as it was taken, and served by then', async () => {
    expect(await server.send(`GET ${widgets}`)).toMatchObject({ status: 404, text: '404 page not found\n' });
    const taken = await define();
    expect(taken.status).toEqual({
      conditions: [],
      acceptedNames: { plural: '', kind: '' },
      storedVersions: ['v1'],
    });
    expect(taken.spec.names).toMatchObject({ singular: 'widget', listKind: 'WidgetList' });
    expect(taken.spec.conversion).toEqual({ strategy: 'None' });
    expect((await server.send(`GET ${widgets}`)).json).toMatchObject({ kind: 'WidgetList', items: [] });
    const { json: stored } = await server.send(`GET ${definitions}/widgets.example.com`);
    expect(stored.status.conditions).toMatchObject([
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' },
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' },
    ]);
    expect(stored.metadata.managedFields).toContainEqual(
      expect.objectContaining({ manager: 'kube-apiserver', subresource: 'status' }),
    );
  });

  test('shows in discovery at once, aggregated and not', async () => {
    const accept = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
    const groups = async () =>
      (await server.send('GET /apis', { headers: { accept } })).json.items.map(
        (g: { metadata: { name: string } }) => g.metadata.name,
      );
    expect(await groups()).not.toContain('example.com');
    await define(definition([version('v1beta1', { storage: false }), version('v1')]));
    expect(await groups()).toContain('example.com');
    expect((await server.send('GET /apis/example.com')).json).toMatchObject({
      preferredVersion: { version: 'v1' },
      versions: [{ version: 'v1' }, { version: 'v1beta1' }],
    });
    const { json: resources } = await server.send('GET /apis/example.com/v1');
    expect(resources.resources).toMatchObject([
      { name: 'widgets', singularName: 'widget', namespaced: true, kind: 'Widget', shortNames: ['wd'] },
      { name: 'widgets/scale', group: 'autoscaling', version: 'v1', kind: 'Scale' },
      { name: 'widgets/status', kind: 'Widget' },
    ]);
    const hash = async (of: string) =>
      (await server.send(`GET /apis/example.com/${of}`)).json.resources[0].storageVersionHash;
    expect(await hash('v1')).toMatch(/^.{11}=$/);
    expect(await hash('v1beta1')).toBe(await hash('v1'));
  });

  test('is described in both OpenAPI documents, which change with it and leave the others', async () => {
    const index = async () => (await server.send('GET /openapi/v3')).json.paths;
    const before = await index();
    await define();
    const after = await index();
    const at = 'apis/example.com/v1';
    expect(before[at]).toBeUndefined();
    expect(after['apis/apps/v1']).toEqual(before['apis/apps/v1']);
    const { json: document } = await server.send(`GET ${after[at].serverRelativeURL}`);
    expect(document.components.schemas['com.example.v1.Widget']).toMatchObject({
      'x-kubernetes-group-version-kind': [{ group: 'example.com', kind: 'Widget', version: 'v1' }],
      properties: { spec: { properties: { size: { maximum: 10 } } }, apiVersion: { type: 'string' } },
    });
    const { json: swagger } = await server.send('GET /openapi/v2');
    expect(swagger.definitions['com.example.v1.Widget'].properties.spec.properties.any).toEqual({
      'x-kubernetes-preserve-unknown-fields': true,
    });
    const protobuf = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
    expect((await server.send('GET /openapi/v2', { headers: { accept: protobuf } })).status).toBe(200);
  });

  test('does not get names that another one has', async () => {
    await define();
    const other = definition([version('v1')], { plural: 'gadgets', kind: 'Gadget', shortNames: ['wd'] });
    other.metadata.name = 'gadgets.example.com';
    await define(other);
    const { json: stored } = await server.send(`GET ${definitions}/gadgets.example.com`);
    expect(stored.status.conditions).toMatchObject([
      {
        type: 'NamesAccepted',
        status: 'False',
        reason: 'ShortNamesConflict',
        message: '"wd" is already in use',
      },
      { type: 'Established', status: 'False', reason: 'NotAccepted' },
    ]);
    expect((await server.send('GET /apis/example.com/v1/gadgets')).status).toBe(404);
  });
});

describe('an object of a defined kind', () => {
  beforeEach(() => define());

  test('is pruned, defaulted, validated', async () => {
    const { status, json: object, headers } = await create({ size: 2, extra: 1, any: { b: 1, a: null } });
    expect(status).toBe(201);
    expect(headers.warning).toEqual(['299 - "unknown field \\"spec.extra\\""']);
    expect(object).toMatchObject({
      kind: 'Widget',
      apiVersion: 'example.com/v1',
      metadata: { generation: 1 },
    });
    expect(object.spec).toEqual({ any: { a: null, b: 1 }, color: 'red', replicas: 1, size: 2 });
    const { json: refused } = await create(
      { size: 11, color: 'blue', ports: [{ port: 1 }, { port: 1 }] },
      'two',
    );
    expect(refused.details.causes).toEqual([
      {
        reason: 'FieldValueNotSupported',
        field: 'spec.color',
        message: 'Unsupported value: "blue": supported values: "red", "green"',
      },
      {
        reason: 'FieldValueInvalid',
        field: 'spec.size',
        message: 'Invalid value: 11: spec.size in body should be less than or equal to 10',
      },
      { reason: 'FieldValueDuplicate', field: 'spec.ports[1]', message: 'Duplicate value: {"port":1}' },
    ]);
  });

  test('takes merge and JSON patches, no strategic ones, and no protobuf', async () => {
    await create({ size: 2 });
    const patch = (type: string, body: unknown) =>
      server.send(`PATCH ${widgets}/one`, { headers: { 'content-type': `application/${type}` }, body });
    expect((await patch('merge-patch+json', { spec: { size: 3 } })).json.metadata.generation).toBe(2);
    expect(
      (await patch('json-patch+json', [{ op: 'replace', path: '/spec/size', value: 4 }])).json.spec.size,
    ).toBe(4);
    expect((await patch('strategic-merge-patch+json', { spec: { size: 5 } })).status).toBe(415);
    const protobuf = { accept: 'application/vnd.kubernetes.protobuf' };
    expect((await server.send(`GET ${widgets}/one`, { headers: protobuf })).status).toBe(406);
    expect((await server.send(`GET ${widgets}`, { headers: protobuf })).status).toBe(406);
  });

  test('has a status of its own', async () => {
    await create({ size: 2 });
    const body = {
      metadata: { labels: { a: 'b' } },
      spec: { size: 9 },
      status: { replicas: 3, selector: 'a=b' },
    };
    const { json: written } = await server.send(`PATCH ${widgets}/one/status`, { headers: merge, body });
    expect(written).toMatchObject({
      spec: { size: 2 },
      status: { replicas: 3 },
      metadata: { generation: 1 },
    });
    expect(written.metadata.labels).toBeUndefined();
    const { json: main } = await server.send(`PATCH ${widgets}/one`, {
      headers: merge,
      body: { status: { replicas: 1 } },
    });
    expect(main.status.replicas).toBe(3);
    const scaled = await server.send(`PATCH ${widgets}/one/scale`, {
      headers: merge,
      body: { spec: { replicas: 7 } },
    });
    expect(scaled.json).toMatchObject({
      kind: 'Scale',
      spec: { replicas: 7 },
      status: { replicas: 3, selector: 'a=b' },
    });
  });

  test('is applied by its owners, list items by their keys, unknown fields by their names', async () => {
    const apply = (manager: string, spec: object) =>
      server.send(`PATCH ${widgets}/one?fieldManager=${manager}`, {
        headers: { 'content-type': 'application/apply-patch+yaml' },
        body: { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec },
      });
    expect((await apply('a', { size: 2, ports: [{ port: 1 }], any: { x: 1 } })).status).toBe(201);
    const { json: both } = await apply('b', { ports: [{ port: 2 }], any: { y: [1] } });
    expect(both.spec).toMatchObject({ size: 2, ports: [{ port: 1 }, { port: 2 }], any: { x: 1, y: [1] } });
    expect((await apply('b', { size: 3 })).json.message).toBe(
      'Apply failed with 1 conflict: conflict with "a": .spec.size',
    );
    const { json: less } = await apply('a', { size: 2 });
    expect(less.spec).toMatchObject({ ports: [{ port: 2 }], any: { y: [1] } });
  });

  test('is listed with its kind, by selectable fields, as a Table, and watched', async () => {
    await create({ size: 2 });
    await create({ size: 3, color: 'green' }, 'two');
    const { json: list } = await server.send(`GET ${widgets}?fieldSelector=spec.color%3Dgreen`);
    expect(list.items).toMatchObject([
      { kind: 'Widget', apiVersion: 'example.com/v1', metadata: { name: 'two' } },
    ]);
    const accept = 'application/json;as=Table;v=v1;g=meta.k8s.io';
    const { json: table } = await server.send(`GET ${widgets}`, { headers: { accept } });
    expect(table.columnDefinitions.map((c: { name: string }) => c.name)).toEqual(['Name', 'Size']);
    expect(table.rows.map((r: { cells: unknown[] }) => r.cells)).toEqual([
      ['one', 2],
      ['two', 3],
    ]);
    const watch = await server.open(`GET ${widgets}?watch=true&fieldSelector=spec.color%3Dgreen`);
    expect(await watch.next()).toMatchObject({ type: 'ADDED', object: { metadata: { name: 'two' } } });
    await server.send(`PATCH ${widgets}/two`, { headers: merge, body: { spec: { color: 'red' } } });
    expect(await watch.next()).toMatchObject({
      type: 'DELETED',
      object: { kind: 'Widget', spec: { color: 'green' } },
    });
    await watch.close();
  });

  test('with invalid fields from before passes as long as they do not change', async () => {
    await create({ size: 9 });
    const stricter = structuredClone(schema);
    stricter.properties.spec.properties.size.maximum = 5;
    await server.send(`PATCH ${definitions}/widgets.example.com`, {
      headers: merge,
      body: { spec: { versions: [version('v1', { schema: { openAPIV3Schema: stricter } })] } },
    });
    const patch = (spec: object) => server.send(`PATCH ${widgets}/one`, { headers: merge, body: { spec } });
    expect((await patch({ replicas: 2 })).status).toBe(200);
    expect((await patch({ size: 8 })).json.message).toContain('should be less than or equal to 5');
    expect((await patch({ size: 4 })).status).toBe(200);
  });
});

describe('a conversion webhook', () => {
  const webhook = { clientConfig: { url: 'https://hook.example.com/' }, conversionReviewVersions: ['v1'] };
  const hooked = () => {
    const body = definition([version('v1'), version('v2', { storage: false })]);
    return { ...body, spec: { ...body.spec, conversion: { strategy: 'Webhook', webhook } } };
  };
  const other = widgets.replace('/v1/', '/v2/');

  test('is asked for what is stored in another version, and on the way back', async () => {
    const asked: string[] = [];
    server = await testServer({
      askConversion: async (_cluster, _webhook, apiVersion, objects) => {
        asked.push(`${objects.length} to ${apiVersion}`);
        return objects.map((object) => ({
          ...object,
          apiVersion,
          metadata: { ...object.metadata, annotations: { by: 'hook' }, resourceVersion: 'no' },
          spec: { ...(object.spec as object), size: (object.spec as { size: number }).size + 1 },
        }));
      },
    });
    await define(hooked());
    await create({ size: 2 });
    expect(asked).toEqual([]);
    const { json: read } = await server.send(`GET ${other}/one`);
    expect(read).toMatchObject({
      apiVersion: 'example.com/v2',
      spec: { size: 3 },
      metadata: { annotations: { by: 'hook' } },
    });
    expect(read.metadata.resourceVersion).not.toBe('no');
    const { json: list } = await server.send(`GET ${other}`);
    expect(list.items).toMatchObject([{ spec: { size: 3 } }]);
    const { status } = await server.send(`PUT ${other}/one`, {
      headers: json,
      body: { ...read, spec: { size: 5 } },
    });
    expect(status).toBe(200);
    expect((await server.send(`GET ${widgets}/one`)).json.spec.size).toBe(6);
    expect(asked).toContain('1 to example.com/v1');
  });

  test('decides what selectors of each version find, when their selectable fields differ', async () => {
    const selecting = (name: string, field: string, storage: boolean) => ({
      name,
      served: true,
      storage,
      schema: {
        openAPIV3Schema: {
          type: 'object',
          properties: { spec: { type: 'object', properties: { [field]: { type: 'string' } } } },
        },
      },
      selectableFields: [{ jsonPath: `.spec.${field}` }],
    });
    server = await testServer({
      askConversion: async (_cluster, _webhook, apiVersion, objects) =>
        objects.map((object) => {
          const { at, host } = object.spec as { at?: string; host?: string };
          return {
            ...object,
            apiVersion,
            spec: apiVersion.endsWith('v1')
              ? { at: at ?? `${host}:80` }
              : { host: host ?? at?.split(':')[0] },
          };
        }),
    });
    const body = definition([selecting('v1', 'at', true), selecting('v2', 'host', false)]);
    await define({ ...body, spec: { ...body.spec, conversion: { strategy: 'Webhook', webhook } } });
    const { status } = await server.send(`POST ${other}`, {
      headers: json,
      body: { apiVersion: 'example.com/v2', kind: 'Widget', metadata: { name: 'one' }, spec: { host: 'a' } },
    });
    expect(status).toBe(201);
    const found = async (path: string, selector: string) =>
      (await server.send(`GET ${path}?fieldSelector=${encodeURIComponent(selector)}`)).json.items.length;
    expect(await found(widgets, 'spec.at=a:80')).toBe(1);
    expect(await found(widgets, 'spec.at=b:80')).toBe(0);
    expect(await found(other, 'spec.host=a')).toBe(1);
  });

  test('that fails, or is not asked at all, says so', async () => {
    await define(hooked());
    await create({ size: 2 });
    const { json: none } = await server.send(`GET ${other}/one`);
    expect(none.message).toBe(
      'conversion webhook for example.com/v1, Kind=Widget failed: this server does not call conversion webhooks',
    );
    server = await testServer({ askConversion: async (_cluster, _webhook, _version, objects) => objects });
    await define(hooked());
    await create({ size: 2 });
    const { json: wrong, status } = await server.send(`GET ${other}/one`);
    expect(status).toBe(500);
    expect(wrong.message).toContain(
      'returned invalid object at index 0: invalid groupVersion (expected example.com/v2, received example.com/v1)',
    );
  });
});

describe('versions', () => {
  test('show the same object; a write moves it to the version that is stored now', async () => {
    await define(definition([version('v1'), version('v2', { storage: false })]));
    await create({ size: 2 });
    const other = widgets.replace('/v1/', '/v2/');
    expect((await server.send(`GET ${other}/one`)).json).toMatchObject({
      apiVersion: 'example.com/v2',
      spec: { size: 2 },
    });
    const versions = [version('v1', { storage: false }), version('v2')];
    await server.send(`PATCH ${definitions}/widgets.example.com`, {
      headers: merge,
      body: { spec: { versions } },
    });
    const { json: crd } = await server.send(`GET ${definitions}/widgets.example.com`);
    expect(crd.status.storedVersions).toEqual(['v1', 'v2']);
    const key = { cluster: 'default', resource: 'widgets.example.com', namespace: 'default', name: 'one' };
    const stored = async () =>
      JSON.parse(Buffer.from((await server.storage.get(key))!.value).toString()).apiVersion;
    expect(await stored()).toBe('example.com/v1');
    const { json: now } = await server.send(`GET ${widgets}/one`);
    await server.send(`PUT ${widgets}/one`, { headers: json, body: now });
    expect(await stored()).toBe('example.com/v2');
    expect((await server.send(`GET ${widgets}/one`)).json.apiVersion).toBe('example.com/v1');
  });

  test('new defaults show on objects that were stored before, and fields that are gone do not', async () => {
    await define();
    await create({ size: 2, color: 'green' });
    const changed = structuredClone(schema) as {
      properties: { spec: { properties: Record<string, object> } };
    };
    delete changed.properties.spec.properties.color;
    changed.properties.spec.properties.shape = { type: 'string', default: 'round' };
    const next = version('v1', {
      schema: { openAPIV3Schema: changed },
      selectableFields: [{ jsonPath: '.spec.shape' }],
    });
    await server.send(`PATCH ${definitions}/widgets.example.com`, {
      headers: merge,
      body: { spec: { versions: [next] } },
    });
    expect((await server.send(`GET ${widgets}/one`)).json.spec).toEqual({
      replicas: 1,
      shape: 'round',
      size: 2,
    });
    const { json: list } = await server.send(`GET ${widgets}?fieldSelector=spec.shape%3Dround`);
    expect(list.items).toHaveLength(1);
  });
});
