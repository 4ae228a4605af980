import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { FakeWebhooks } from '../../fake/webhooks.ts';
import type { AdmissionReview } from '../../kinds/schema/types.ts';
import type { WebhookRequest } from '../../ports/webhooks.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { conversions } from '../../webhooks/conversion.ts';
import { admissionPlugins } from '../registry.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const merge = { 'content-type': 'application/merge-patch+json' };
let hooks: FakeWebhooks;
let server: Awaited<ReturnType<typeof testServer>>;

beforeEach(async () => {
  const clock = new ManualClock();
  const ids = seededIds(2);
  const storage = openMemoryStorage({ clock });
  hooks = new FakeWebhooks();
  server = await testServer({
    storage,
    admission: admissionPlugins({ storage, clock, ids, webhooks: hooks }),
    askConversion: conversions({ webhooks: hooks, ids }),
  });
});

const reviewOf = ({ body }: WebhookRequest) => (JSON.parse(body) as AdmissionReview).request!;
const passing = (request: WebhookRequest, more: object = {}) =>
  JSON.stringify({
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    response: { uid: reviewOf(request).uid, allowed: true, ...more },
  });
const patching = (request: WebhookRequest, ...operations: object[]) =>
  passing(request, {
    patchType: 'JSONPatch',
    patch: Buffer.from(JSON.stringify(operations)).toString('base64'),
  });
const urlOf = (name: string) => `https://${name}.example.com/`;

/** A configuration of one webhook for each name, in their order. */
async function configure(kind: 'mutating' | 'validating', webhooks: Record<string, object>): Promise<void> {
  const { status, text } = await server.send(`POST ${group}/${kind}webhookconfigurations`, {
    body: {
      metadata: { name: kind },
      webhooks: Object.entries(webhooks).map(([name, more]) => ({
        name: `${name}.hooks.example.com`,
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { url: urlOf(name) },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
        ...more,
      })),
    },
  });
  expect([status, text]).toEqual([201, expect.any(String)]);
}
const create = (metadata: object = {}) =>
  server.send(`POST ${maps}`, { body: { metadata: { name: 'm', ...metadata }, data: { a: 'b' } } });
const asked = () =>
  hooks.asked.map(({ address, body }) => `${address.url} ${JSON.parse(body).request.operation}`);

describe('mutating webhooks', () => {
  /** Adds its name to what is there. */
  const adding = (name: string) =>
    hooks.on(urlOf(name), (request) => {
      const { data } = reviewOf(request).object as { data: Record<string, string> };
      return patching(request, { op: 'add', path: '/data/seen', value: `${data.seen ?? ''}${name}` });
    });

  test('see what earlier ones made of the object, and those that wish it are asked once more', async () => {
    for (const name of ['one', 'two', 'three']) adding(name);
    await configure('mutating', {
      one: { reinvocationPolicy: 'IfNeeded' },
      two: {},
      three: { reinvocationPolicy: 'IfNeeded' },
    });
    expect((await create()).json.data.seen).toBe('onetwothreeonethree');
  });

  test('are asked once when nobody changes anything after them', async () => {
    adding('one');
    await configure('mutating', { one: { reinvocationPolicy: 'IfNeeded' } });
    expect((await create()).json.data.seen).toBe('one');
  });

  test('cannot change what goes', async () => {
    await create();
    hooks.on(urlOf('one'), (request) => patching(request, { op: 'add', path: '/data/x', value: 'y' }));
    await configure('mutating', { one: {} });
    const { status, json } = await server.send(`DELETE ${maps}/m`);
    expect([status, json.message]).toEqual([
      500,
      'Internal error occurred: admission webhook "one.hooks.example.com" attempted to modify the object, which is not supported for this operation',
    ]);
  });

  test('cannot write a status, or who made an object', async () => {
    hooks.on(urlOf('one'), (request) =>
      patching(
        request,
        { op: 'add', path: '/metadata/uid', value: 'mine' },
        { op: 'replace', path: '/status', value: { replicas: 7 } },
      ),
    );
    const rules = [
      { apiGroups: ['apps'], apiVersions: ['v1'], operations: ['*'], resources: ['deployments'] },
    ];
    await configure('mutating', { one: { rules } });
    const labels = { a: 'b' };
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } };
    const { json } = await server.send('POST /apis/apps/v1/namespaces/default/deployments', {
      body: { metadata: { name: 'd' }, spec: { selector: { matchLabels: labels }, template } },
    });
    expect(json.status).toEqual({});
    expect(json.metadata.uid).not.toBe('mine');
  });
});

describe('validating webhooks', () => {
  test('are asked at the same time; all of them are waited for', async () => {
    let both = () => {};
    const met = new Promise<void>((resolve) => (both = resolve));
    hooks.on(urlOf('one'), async (request) => {
      await met;
      return passing(request, { allowed: false, status: { message: 'no' } });
    });
    hooks.on(urlOf('two'), (request) => {
      both();
      return passing(request);
    });
    await configure('validating', { one: {}, two: {} });
    const { json } = await create();
    expect(json.message).toBe('admission webhook "one.hooks.example.com" denied the request: no');
    expect((await server.send(`GET ${maps}/m`)).status).toBe(404);
  });

  test('see what mutating ones made of the object', async () => {
    hooks.on(urlOf('one'), (request) => patching(request, { op: 'add', path: '/data/x', value: 'y' }));
    hooks.on(urlOf('two'), (request) => passing(request));
    await configure('mutating', { one: {} });
    await configure('validating', { two: {} });
    await create();
    expect(reviewOf(hooks.asked.at(-1)!).object).toMatchObject({ data: { a: 'b', x: 'y' } });
  });

  test('have no say about their own configurations', async () => {
    await configure('validating', {
      one: { rules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] }] },
    });
    const path = `${group}/validatingwebhookconfigurations/validating`;
    expect((await create()).status).toBe(500);
    expect((await server.send(`DELETE ${path}`)).status).toBe(200);
    expect((await create()).status).toBe(201);
  });

  test('that have side effects are not asked in a dry run, which is refused', async () => {
    await create();
    hooks.on(urlOf('one'), (request) => passing(request));
    await configure('validating', { one: { sideEffects: 'NoneOnDryRun' } });
    const dry = () =>
      server.send(`PATCH ${maps}/m?dryRun=All`, { headers: merge, body: { data: { c: 'd' } } });
    expect((await dry()).status).toBe(200);
    expect(reviewOf(hooks.asked[0]!)).toMatchObject({
      dryRun: true,
      operation: 'UPDATE',
      options: { kind: 'UpdateOptions', dryRun: ['All'] },
      oldObject: { data: { a: 'b' } },
    });
  });
});

describe('a webhook is asked', () => {
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['configmaps'] };
  test.each([
    { why: 'no rule covers the operation', more: { rules: [{ ...rule, operations: ['DELETE'] }] }, calls: 0 },
    { why: 'its scope is another', more: { rules: [{ ...rule, scope: 'Cluster' }] }, calls: 0 },
    { why: 'it has no rules', more: { rules: [] }, calls: 0 },
    { why: 'the object is not selected', more: { objectSelector: { matchLabels: { a: 'c' } } }, calls: 0 },
    { why: 'the object is selected', more: { objectSelector: { matchLabels: { a: 'b' } } }, calls: 1 },
    {
      why: 'the namespace is not selected',
      more: { namespaceSelector: { matchLabels: { a: 'b' } } },
      calls: 0,
    },
    {
      why: 'the namespace is selected',
      more: { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'default' } } },
      calls: 1,
    },
    {
      why: 'a condition does not hold',
      more: { matchConditions: [{ name: 'a', expression: 'object.data.a == "c"' }] },
      calls: 0,
    },
    {
      why: 'all conditions hold',
      more: { matchConditions: [{ name: 'a', expression: 'request.operation == "CREATE"' }] },
      calls: 1,
    },
  ])('$calls times when $why', async ({ more, calls }) => {
    hooks.on(urlOf('one'), (request) => passing(request));
    await configure('validating', { one: more });
    expect((await create({ labels: { a: 'b' } })).status).toBe(201);
    expect(asked()).toHaveLength(calls);
  });
});

describe('a definition of several versions', () => {
  const widgets = '/apis/example.com/v2/namespaces/default/widgets';
  const schema = {
    openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  };
  const define = (conversion: object) =>
    server.send('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      body: {
        metadata: { name: 'widgets.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'widgets', kind: 'Widget' },
          conversion,
          versions: [
            { name: 'v1', served: true, storage: true, schema },
            { name: 'v2', served: true, storage: false, schema },
          ],
        },
      },
    });
  const rules = [
    { apiGroups: ['example.com'], apiVersions: ['v1'], operations: ['*'], resources: ['widgets'] },
  ];
  const widget = { apiVersion: 'example.com/v2', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1 } };

  test('is shown to webhooks in the version that they name, and comes back in that of the request', async () => {
    await define({ strategy: 'None' });
    hooks.on(urlOf('one'), (request) => patching(request, { op: 'replace', path: '/spec/size', value: 2 }));
    await configure('mutating', { one: { rules } });
    const { json } = await server.send(`POST ${widgets}`, { body: widget });
    expect(json).toMatchObject({ apiVersion: 'example.com/v2', spec: { size: 2 } });
    expect(reviewOf(hooks.asked[0]!)).toMatchObject({
      kind: { group: 'example.com', version: 'v1', kind: 'Widget' },
      requestKind: { group: 'example.com', version: 'v2', kind: 'Widget' },
      object: { apiVersion: 'example.com/v1' },
    });
  });

  test('is not shown to those that want exactly what they name', async () => {
    await define({ strategy: 'None' });
    await configure('mutating', { one: { rules, matchPolicy: 'Exact' } });
    expect((await server.send(`POST ${widgets}`, { body: widget })).status).toBe(201);
  });

  const converting = (answer: (request: { uid: string; objects: object[] }) => object) => {
    hooks.on(urlOf('convert'), ({ body }) =>
      JSON.stringify({
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'ConversionReview',
        response: answer(JSON.parse(body).request),
      }),
    );
    const webhook = { clientConfig: { url: urlOf('convert') }, conversionReviewVersions: ['v1'] };
    return define({ strategy: 'Webhook', webhook });
  };
  const inV1 = (objects: object[]) => objects.map((object) => ({ ...object, apiVersion: 'example.com/v1' }));

  test('is converted by its webhook', async () => {
    let desired: unknown;
    await converting((request) => {
      desired = (request as { desiredAPIVersion?: string }).desiredAPIVersion;
      const convertedObjects = request.objects.map((object) => ({ ...object, apiVersion: desired }));
      return { uid: request.uid, result: { status: 'Success' }, convertedObjects };
    });
    expect((await server.send(`POST ${widgets}`, { body: widget })).json.spec).toEqual({ size: 1 });
    expect((await server.send(`GET ${widgets.replace('v2', 'v1')}/w`)).json.apiVersion).toBe(
      'example.com/v1',
    );
  });

  const success = { status: 'Success' };
  test.each([
    { said: 'failed: no', answer: { result: { status: 'Failed', message: 'no' } } },
    {
      said: "failed: response.result.status was 'Failed', not 'Success'",
      answer: { result: { status: 'Failed' } },
    },
    { said: 'returned 0 objects, expected 1', answer: { result: success, convertedObjects: [] } },
    {
      said: 'returned invalid object at index 0: invalid groupVersion (expected example.com/v1, received example.com/v2)',
      answer: (objects: object[]) => ({ result: success, convertedObjects: objects }),
    },
    {
      said: 'returned invalid object: must have the same name: w != x',
      answer: (objects: object[]) => ({
        result: success,
        convertedObjects: inV1(objects).map((object) => ({ ...object, metadata: { name: 'x' } })),
      }),
    },
  ])('and when it fails nothing is stored: $said', async ({ said, answer }) => {
    await converting(({ uid, objects }) => ({
      uid,
      ...(typeof answer === 'function' ? answer(objects) : answer),
    }));
    const { status, json } = await server.send(`POST ${widgets}`, { body: widget });
    expect([status, json.message]).toEqual([
      500,
      `conversion webhook for example.com/v2, Kind=Widget ${said}`,
    ]);
    expect((await server.send(`GET ${widgets}/w`)).status).toBe(404);
  });
});
