import { beforeEach, describe, expect, test } from '@jest/globals';
import { testServer } from '../../api/testing/testingServer.ts';
import { ManualClock } from '../../clock/manualClock.ts';
import { seededIds } from '../../clock/seededIds.ts';
import { FakeWebhooks } from '../../fake/webhooks.ts';
import { featuresOf } from '../../kinds/features.ts';
import type { AdmissionReview } from '../../kinds/schema/types.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import { admissionPlugins } from '../registry.ts';

const group = '/apis/admissionregistration.k8s.io';
const maps = '/api/v1/namespaces/default/configmaps';
const configMaps = {
  resourceRules: [
    { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['configmaps'] },
  ],
};
const { kinds } = featuresOf({
  gates: [],
  versions: ['admissionregistration.k8s.io/v1beta1', 'api/alpha=true'],
});

let server: Awaited<ReturnType<typeof testServer>>;
let hooks: FakeWebhooks;
beforeEach(async () => {
  const clock = new ManualClock();
  const ids = seededIds(2);
  const storage = openMemoryStorage({ clock });
  hooks = new FakeWebhooks();
  const admission = admissionPlugins({ storage, clock, ids, webhooks: hooks, mutatingPolicies: true });
  server = await testServer({ storage, kinds, admission });
});

const configuration = (expression: string) => ({
  patchType: 'ApplyConfiguration',
  applyConfiguration: { expression },
});
const operations = (expression: string) => ({ patchType: 'JSONPatch', jsonPatch: { expression } });
/** Sets a key of a ConfigMap. */
const setting = (key: string, value: string) => configuration(`Object{data: {"${key}": ${value}}}`);
/** Returns how often a policy has been at work, in a key of its own. */
const counting = (key: string) => setting(key, `string(int(object.?data["${key}"].orValue("0")) + 1)`);

async function policy(name: string, mutations: object[], spec: object = {}, binding: object = {}) {
  const made = await server.send(`POST ${group}/v1beta1/mutatingadmissionpolicies`, {
    body: {
      metadata: { name },
      spec: { matchConstraints: configMaps, reinvocationPolicy: 'Never', mutations, ...spec },
    },
  });
  expect(made.json.message).toBeUndefined();
  const bound = await server.send(`POST ${group}/v1beta1/mutatingadmissionpolicybindings`, {
    body: { metadata: { name: `${name}-bound` }, spec: { policyName: name, ...binding } },
  });
  expect(bound.json.message).toBeUndefined();
}
const post = async (data: object = {}, name = 'c') =>
  (await server.send(`POST ${maps}`, { body: { metadata: { name }, data } })).json;

describe('mutating policies', () => {
  test('change what is created and what is changed, in the order of their names', async () => {
    await policy('b', [setting('order', 'object.?data.order.orValue("") + "b"')]);
    await policy('a', [
      setting('order', '"a"'),
      operations('[JSONPatch{op: "add", path: "/data/x", value: "1"}]'),
    ]);
    expect((await post({ own: 'kept' })).data).toEqual({ order: 'ab', own: 'kept', x: '1' });
    const { json } = await server.send(`PATCH ${maps}/c`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { data: { order: null, x: null } },
    });
    expect(json.data).toEqual({ order: 'ab', own: 'kept', x: '1' });
  });

  test.each([
    ['resize', { containers: [{ name: 'c', resources: { requests: { cpu: '2' } } }] }],
    ['ephemeralcontainers', { ephemeralContainers: [{ name: 'debugger', image: 'busybox' }] }],
  ])('change no more of a Pod through %s than its client may', async (part, wanted) => {
    const resources = [`pods/${part}`];
    const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources };
    const other = 'Object.spec.containers{name: "c", image: "evil"}';
    const mutation = configuration(
      `Object{metadata: Object.metadata{labels: {"a": "b"}}, spec: Object.spec{containers: [${other}]}}`,
    );
    await policy('p', [mutation], { matchConstraints: { resourceRules: [rule] } });
    const pods = '/api/v1/namespaces/default/pods';
    const spec = { containers: [{ name: 'c', image: 'good', resources: { requests: { cpu: '1' } } }] };
    await server.send(`POST ${pods}`, { body: { metadata: { name: 'p' }, spec } });
    const { status, json } = await server.send(`PATCH ${pods}/p/${part}`, {
      headers: { 'content-type': 'application/strategic-merge-patch+json' },
      body: { spec: wanted },
    });
    expect([status, json.message]).toEqual([200, undefined]);
    expect(json.spec).toMatchObject(wanted);
    expect([json.metadata.labels, json.spec.containers[0].image]).toEqual([undefined, 'good']);
  });

  test('are stored alike under both versions, and v1alpha1 fills in what to do without parameters', async () => {
    await policy('a', [setting('x', '"1"')]);
    const older = await server.send(`GET ${group}/v1alpha1/mutatingadmissionpolicies/a`);
    expect(older.json).toMatchObject({
      apiVersion: 'admissionregistration.k8s.io/v1alpha1',
      spec: { failurePolicy: 'Fail', matchConstraints: { matchPolicy: 'Equivalent' } },
    });
    const body = { metadata: { name: 'b' }, spec: { policyName: 'a', paramRef: { name: 'p' } } };
    const bound = await server.send(`POST ${group}/v1alpha1/mutatingadmissionpolicybindings`, { body });
    expect(bound.json.spec.paramRef.parameterNotFoundAction).toBe('Deny');
    const newer = await server.send(`POST ${group}/v1beta1/mutatingadmissionpolicybindings`, {
      body: { ...body, metadata: { name: 'c' } },
    });
    expect(newer.json.message).toBe(
      'MutatingAdmissionPolicyBinding.admissionregistration.k8s.io "c" is invalid: spec.paramRef.parameterNotFoundAction: Required value',
    );
  });

  test('take parameters, each of them', async () => {
    await post({ by: 'one' }, 'p1');
    await post({ by: 'two' }, 'p2');
    await policy(
      'a',
      [setting('by', 'object.?data.by.orValue("") + params.data.by')],
      {
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        matchConditions: [{ name: 'others', expression: "!object.metadata.name.startsWith('p')" }],
      },
      { paramRef: { selector: {}, parameterNotFoundAction: 'Deny' } },
    );
    expect((await post()).data).toEqual({ by: 'onetwo' });
  });

  test('that fail refuse the request with every reason, unless they are to be ignored', async () => {
    await policy('a', [setting('x', 'object.data.missing'), setting('y', 'object.data.lacking')]);
    const refused = await post({ own: '1' });
    const why = (of: string) =>
      `policy 'a' with binding 'a-bound' denied request: expression 'Object{data: {"${of}": object.data.${of === 'x' ? 'missing' : 'lacking'}}}' resulted in error: no such key: ${of === 'x' ? 'missing' : 'lacking'}`;
    expect(refused).toMatchObject({
      code: 403,
      reason: 'Invalid',
      message: why('x'),
      details: { name: 'c', kind: 'configmaps', causes: [{ message: why('x') }, { message: why('y') }] },
    });
    await server.send(`PATCH ${group}/v1beta1/mutatingadmissionpolicies/a`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { failurePolicy: 'Ignore' } },
    });
    expect((await post({ own: '1' })).data).toEqual({ own: '1' });
  });

  test('whose parameters are missing refuse as Forbidden', async () => {
    await policy(
      'a',
      [setting('x', '"1"')],
      { paramKind: { apiVersion: 'v1', kind: 'ConfigMap' } },
      { paramRef: { name: 'none', parameterNotFoundAction: 'Deny' } },
    );
    expect(await post()).toMatchObject({
      code: 403,
      reason: 'Forbidden',
      message:
        "policy 'a' with binding 'a-bound' denied request: failed to configure binding: no params found for policy binding with `Deny` parameterNotFoundAction",
    });
  });

  test('that make no object of the kind end the request, even where failures are ignored', async () => {
    await policy('a', [operations('[JSONPatch{op: "add", path: "/nothing", value: 1}]')], {
      failurePolicy: 'Ignore',
    });
    expect(await post()).toMatchObject({
      code: 500,
      message: 'Internal error occurred: strict decoding error: unknown field "nothing"',
    });
  });

  test('cannot change policies, and change nothing while their gate is off', async () => {
    await policy('a', [configuration('Object{metadata: Object.metadata{labels: {"a": "b"}}}')], {
      matchConstraints: {
        resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*'] }],
      },
    });
    const { json } = await server.send(`PATCH ${group}/v1beta1/mutatingadmissionpolicies/a`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { reinvocationPolicy: 'IfNeeded' } },
    });
    expect(json.metadata.labels).toBeUndefined();
    const off = await testServer({ storage: server.storage, kinds });
    const created = await off.send(`POST ${maps}`, { body: { metadata: { name: 'off' } } });
    expect(created.json.metadata.labels).toBeUndefined();
  });
});

describe('policies are applied a second time', () => {
  test('when they wish it, whatever they changed; those that do not are applied once', async () => {
    await policy('a', [counting('a')], { reinvocationPolicy: 'IfNeeded' });
    await policy('b', [counting('b')]);
    expect((await post()).data).toEqual({ a: '2', b: '1' });
  });

  test('not when their conditions held only later: what matches is looked at in each round', async () => {
    await policy('a', [counting('a')], {
      matchConditions: [{ name: 'set', expression: "object.?data.set.orValue('') == 'yes'" }],
    });
    await policy('b', [setting('set', '"yes"')]);
    expect((await post()).data).toEqual({ set: 'yes' });
  });

  test('a later policy sees what an earlier one set', async () => {
    await policy('a', [setting('set', '"yes"')]);
    await policy('b', [counting('b')], {
      matchConditions: [{ name: 'set', expression: "object.?data.set.orValue('') == 'yes'" }],
    });
    expect((await post()).data).toEqual({ set: 'yes', b: '1' });
  });
});

describe('beside mutating webhooks', () => {
  const configure = (reinvocationPolicy: string) =>
    server.send(`POST ${group}/v1/mutatingwebhookconfigurations`, {
      body: {
        metadata: { name: 'm' },
        webhooks: [
          {
            name: 'm.hooks.example.com',
            admissionReviewVersions: ['v1'],
            sideEffects: 'None',
            clientConfig: { url: 'https://m.example.com/' },
            rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
            reinvocationPolicy,
          },
        ],
      },
    });
  const shown: unknown[] = [];
  beforeEach(() => {
    shown.length = 0;
    hooks.on('https://m.example.com/', ({ body }) => {
      const { request } = JSON.parse(body) as AdmissionReview;
      const { data = {} } = request!.object as { data?: Record<string, string> };
      shown.push(data);
      const patch = [{ op: 'add', path: '/data/hook', value: String(Number(data.hook ?? '0') + 1) }];
      const response = {
        uid: request!.uid,
        allowed: true,
        patchType: 'JSONPatch',
        patch: Buffer.from(JSON.stringify(patch)).toString('base64'),
      };
      return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', response });
    });
  });

  test('policies come first, and see what webhooks changed when they are applied again', async () => {
    await configure('Never');
    await policy('a', [counting('a'), setting('saw', 'object.?data.hook.orValue("nothing")')], {
      reinvocationPolicy: 'IfNeeded',
    });
    const { data } = await post({ own: '1' });
    expect(shown).toEqual([{ own: '1', a: '1', saw: 'nothing' }]);
    expect(data).toEqual({ own: '1', a: '2', saw: '1', hook: '1' });
  });

  test('webhooks that wish it are called again after policies were applied again', async () => {
    await configure('IfNeeded');
    await policy('a', [counting('a')], { reinvocationPolicy: 'IfNeeded' });
    expect((await post({ own: '1' })).data).toEqual({ own: '1', a: '2', hook: '2' });
  });
});

describe('a policy is refused', () => {
  const mutation = configuration('Object{}');
  test.each<[string, object, string]>([
    [
      'without mutations',
      { mutations: [] },
      'spec.mutations: Required value: mutations must contain at least one item',
    ],
    ['without a word on reinvocation', { reinvocationPolicy: '' }, 'spec.reinvocationPolicy: Required value'],
    [
      'with another word on reinvocation',
      { reinvocationPolicy: 'Maybe' },
      'spec.reinvocationPolicy: Unsupported value: "Maybe": supported values: "IfNeeded", "Never"',
    ],
    [
      'about deletions',
      {
        matchConstraints: {
          resourceRules: [
            { apiGroups: [''], apiVersions: ['v1'], operations: ['DELETE'], resources: ['pods'] },
          ],
        },
      },
      'spec.matchConstraints.resourceRules.operations: Unsupported value: "DELETE": supported values: "*", "CONNECT", "CREATE", "UPDATE"',
    ],
    [
      'without a patch',
      { mutations: [{ patchType: 'JSONPatch' }] },
      'spec.mutations[0].jsonPatch: Required value: must be specified when patchType is JSONPatch',
    ],
    [
      'with the other patch too',
      { mutations: [{ ...mutation, jsonPatch: { expression: '[]' } }] },
      'spec.mutations[0].jsonPatch: Invalid value: "{jsonPatch}": must not be specified when patchType is ApplyConfiguration',
    ],
    [
      'with another type of patch',
      { mutations: [{ patchType: 'Merge' }] },
      'spec.mutations[0].patchType: Unsupported value: "Merge": supported values: "ApplyConfiguration", "JSONPatch"',
    ],
    [
      'with an expression of another type',
      { mutations: [operations('[1]')] },
      'spec.mutations[0].jsonPatch.expression: Invalid value: "[1]": must evaluate to list(JSONPatch) but got list(int)',
    ],
    [
      'with patch types in variables',
      { mutations: [mutation], variables: [{ name: 'v', expression: 'Object{}' }] },
      `spec.variables[0].expression: Invalid value: "Object{}": compilation failed: ERROR: <input>:1:7: undeclared reference to 'Object' (in container '')\n | Object{}\n | ......^`,
    ],
  ])('%s', async (_, spec, message) => {
    const { json } = await server.send(`POST ${group}/v1beta1/mutatingadmissionpolicies`, {
      body: {
        metadata: { name: 'p' },
        spec: { matchConstraints: configMaps, reinvocationPolicy: 'Never', mutations: [mutation], ...spec },
      },
    });
    expect(json.message).toBe(
      `MutatingAdmissionPolicy.admissionregistration.k8s.io "p" is invalid: ${message}`,
    );
  });
});
