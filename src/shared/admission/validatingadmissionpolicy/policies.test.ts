import { beforeEach, describe, expect, test } from '@jest/globals';
import type { AuditEntry } from '../../api/deps.ts';
import { testServer } from '../../api/testing/testingServer.ts';
import { fromJson } from '../../cel/values/json.ts';
import { compileMatchConditions, conditionsHold } from '../policy/matchConditions.ts';

const group = '/apis/admissionregistration.k8s.io/v1';
const maps = '/api/v1/namespaces/default/configmaps';
const configMaps = {
  resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['*'], resources: ['configmaps'] }],
};
const json = { 'content-type': 'application/json' };

/** What a real server answers is compared in test/differential; here stands what it cannot be asked. */
describe('policies', () => {
  let server: Awaited<ReturnType<typeof testServer>>;
  beforeEach(async () => {
    server = await testServer();
  });

  const make = async (spec: object, binding: object = {}) => {
    const policy = await server.send(`POST ${group}/validatingadmissionpolicies`, {
      headers: json,
      body: { metadata: { name: 'p' }, spec: { matchConstraints: configMaps, ...spec } },
    });
    expect(policy.json.message).toBeUndefined();
    const bound = await server.send(`POST ${group}/validatingadmissionpolicybindings`, {
      headers: json,
      body: {
        metadata: { name: 'b' },
        spec: { policyName: 'p', validationActions: ['Deny'], ...binding },
      },
    });
    expect(bound.json.message).toBeUndefined();
  };
  const post = async (name: string, data: object = {}, path = maps) => {
    const { json: answer } = await server.send(`POST ${path}`, {
      headers: json,
      body: { metadata: { name }, data },
    });
    return answer.message ?? 'created';
  };
  const denied = (name: string, why: string) =>
    `configmaps "${name}" is forbidden: ValidatingAdmissionPolicy 'p' with binding 'b' denied request: ${why}`;

  test('count from the moment in which they are acknowledged, until they are gone', async () => {
    await make({ validations: [{ expression: 'false', message: 'no' }] });
    expect(await post('a')).toBe(denied('a', 'no'));
    await server.send(`DELETE ${group}/validatingadmissionpolicybindings/b`);
    expect(await post('a')).toBe('created');
  });

  test('have variables in thousands, and name each other as deep as the stack allows', async () => {
    const many = Array.from({ length: 20_000 }, (_, i) => ({ name: `a${i}`, expression: '1' }));
    const validations = [{ expression: 'variables.last == 1', messageExpression: '"no"' }];
    await make({ variables: [...many, { name: 'last', expression: 'variables.a19999' }], validations });
    expect(await post('a')).toBe('created');
    const chain = (length: number) => [
      { name: 'v0', expression: '1' },
      ...Array.from({ length }, (_, i) => ({ name: `v${i + 1}`, expression: `variables.v${i}` })),
      { name: 'last', expression: `variables.v${length}` },
    ];
    for (const [length, answer] of [
      [200, /^created$/],
      [5_000, /fails to evaluate: variables are nested too deeply$/],
    ] as const) {
      await server.send(`PATCH ${group}/validatingadmissionpolicies/p`, {
        headers: { 'content-type': 'application/merge-patch+json' },
        body: { spec: { variables: chain(length) } },
      });
      expect(await post(`of-${length}`)).toMatch(answer);
    }
  });

  test('a policy that is changed is compiled again', async () => {
    await make({ validations: [{ expression: 'false', message: 'no' }] });
    expect(await post('a')).toBe(denied('a', 'no'));
    await server.send(`PATCH ${group}/validatingadmissionpolicies/p`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: { spec: { validations: [{ expression: "object.metadata.name == 'a'", message: 'only a' }] } },
    });
    expect(await post('a')).toBe('created');
    expect(await post('b')).toBe(denied('b', 'only a'));
  });

  test('ask the authorizer several things, each of which is decided once', async () => {
    const may = (verb: string, resource: string) =>
      `authorizer.group('').resource('${resource}').namespace('default').check('${verb}').allowed()`;
    await make({
      validations: [
        { expression: ['pods', 'secrets'].map((resource) => may('get', resource)).join(' && ') },
        {
          expression:
            "!authorizer.serviceAccount('default', 'default').path('/metrics').check('get').allowed()",
          message: 'accounts may',
        },
        {
          expression: "authorizer.requestResource.check('create').errored()",
          messageExpression: "'was decided'",
        },
      ],
    });
    expect(await post('a')).toBe(denied('a', 'was decided'));
  });

  test('parameters of a kind that came with a definition', async () => {
    await server.send('POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions', {
      headers: json,
      body: {
        metadata: { name: 'limits.example.com' },
        spec: {
          group: 'example.com',
          scope: 'Namespaced',
          names: { plural: 'limits', kind: 'Limit' },
          versions: [
            {
              name: 'v1',
              served: true,
              storage: true,
              schema: { openAPIV3Schema: { type: 'object', properties: { max: { type: 'integer' } } } },
            },
          ],
        },
      },
    });
    const made = await server.send('POST /apis/example.com/v1/namespaces/default/limits', {
      headers: json,
      body: { apiVersion: 'example.com/v1', kind: 'Limit', metadata: { name: 'l' }, max: 1 },
    });
    expect(made.status).toBe(201);
    await make(
      {
        paramKind: { apiVersion: 'example.com/v1', kind: 'Limit' },
        validations: [{ expression: 'size(object.data) <= params.max', message: 'too many' }],
      },
      { paramRef: { name: 'l', parameterNotFoundAction: 'Deny' } },
    );
    expect(await post('a', { x: '1' })).toBe('created');
    expect(await post('b', { x: '1', y: '2' })).toBe(denied('b', 'too many'));
  });

  test('of another logical cluster have no say', async () => {
    await make({ validations: [{ expression: 'false', message: 'no' }] });
    const other = '/clusters/red';
    await server.send('POST /apis/shallop.dev/v1/logicalclusters', {
      headers: json,
      body: { metadata: { name: 'red' } },
    });
    await server.send(`POST ${other}/api/v1/namespaces`, {
      headers: json,
      body: { metadata: { name: 'default' } },
    });
    expect(await post('a', {}, `${other}${maps}`)).toBe('created');
    expect(await post('a')).toBe(denied('a', 'no'));
  });

  test('tell the audit log what they found', async () => {
    const audited: AuditEntry[] = [];
    server = await testServer({ audit: (entry) => audited.push(entry) });
    await make(
      {
        validations: [{ expression: 'false', message: 'seen' }],
        auditAnnotations: [{ key: 'size', valueExpression: "'has ' + string(size(object.data))" }],
      },
      { validationActions: ['Audit'] },
    );
    expect(await post('a', { x: '1' })).toBe('created');
    expect(audited.at(-1)?.annotations).toEqual({
      'p/size': 'has 1',
      'validation.policy.admission.k8s.io/validation_failure':
        '[{"message":"seen","policy":"p","binding":"b","expressionIndex":0,"validationActions":["Audit"]}]',
    });
  });

  test('match conditions of a webhook decide whether it is called', () => {
    const bindings = (name: string) => (name === 'object' ? fromJson({ a: 1 }) : undefined);
    const held = (failurePolicy: string, ...expressions: string[]) =>
      conditionsHold(
        compileMatchConditions(expressions.map((expression, i) => ({ name: `c${i}`, expression }))),
        bindings,
        failurePolicy,
      );
    expect(held('Fail', 'object.a == 1', 'true')).toEqual({ holds: true });
    expect(held('Fail', 'object.b == 1', 'object.a == 2')).toEqual({ holds: false });
    expect(held('Ignore', 'object.b == 1')).toEqual({ holds: false });
    expect(held('Fail', 'object.b == 1')).toEqual({
      error: "expression 'object.b == 1' resulted in error: no such key: b",
    });
  });
});
