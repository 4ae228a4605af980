import { describe, expect, test } from '@jest/globals';
import type { Attributes } from '../../shared/auth/authorize.ts';
import {
  bootstrapFlowSchemas,
  bootstrapPriorityLevels,
} from '../../shared/kinds/flowcontrol.apiserver.k8s.io/v1/bootstrap.ts';
import type { FlowSchema, ResourcePolicyRule } from '../../shared/kinds/schema/types.ts';
import { configurationOf, schemaFor } from './configuration.ts';
import { matcherOf } from './matcher.ts';

const user = { name: 'goodu', groups: ['goodg1', 'goodg2'] };
const inNamespace: Attributes = {
  ...{ cluster: 'default', user, verb: 'goodverb', namespace: 'goodns', name: 'eman' },
  resource: { group: 'goodapig', version: 'v1', plural: 'goodrscs' },
  path: '/apis/goodapig/v1/namespaces/goodns/goodrscs',
};
const { namespace: _, ...inCluster } = inNamespace;
const outside: Attributes = { cluster: 'default', user, verb: 'goodverb', path: '/openapi/v2' };

const rule: ResourcePolicyRule = {
  verbs: ['goodverb'],
  apiGroups: ['goodapig'],
  resources: ['goodrscs'],
  namespaces: ['goodns'],
};
const goodUser = { kind: 'User', user: { name: 'goodu' } };
const spec = (subject: object, resource?: object, paths?: string[]) => ({
  priorityLevelConfiguration: { name: 'l' },
  matchingPrecedence: 1,
  rules: [
    {
      subjects: [subject as typeof goodUser],
      ...(resource && { resourceRules: [resource as typeof rule] }),
      ...(paths && { nonResourceRules: [{ verbs: ['*'], nonResourceURLs: paths }] }),
    },
  ],
});

// k8s.io/apiserver, TestLiterals
describe.each([
  ['a user', goodUser, rule, true],
  ['a group', { kind: 'Group', group: { name: 'goodg2' } }, rule, true],
  ['every user', { kind: 'User', user: { name: '*' } }, rule, true],
  ['every group', { kind: 'Group', group: { name: '*' } }, rule, true],
  ['every verb', goodUser, { ...rule, verbs: ['*'] }, true],
  ['every group of the API', goodUser, { ...rule, apiGroups: ['*'] }, true],
  ['every resource', goodUser, { ...rule, resources: ['*'] }, true],
  ['every namespace', goodUser, { ...rule, namespaces: ['*'] }, true],
  ['another user', { kind: 'User', user: { name: 'badu' } }, rule, false],
  ['another group', { kind: 'Group', group: { name: 'badg' } }, rule, false],
  ['another verb', goodUser, { ...rule, verbs: ['badverb'] }, false],
  ['another group of the API', goodUser, { ...rule, apiGroups: ['badapig'] }, false],
  ['another resource', goodUser, { ...rule, resources: ['badrscs'] }, false],
  ['a subresource', goodUser, { ...rule, resources: ['goodrscs/status'] }, false],
  ['another namespace', goodUser, { ...rule, namespaces: ['badns'] }, false],
  ['the cluster', goodUser, { ...rule, namespaces: [], clusterScope: true }, false],
])('of a schema for %s', (_what, subject, resource, expected) => {
  test(`a request in a namespace is ${expected ? '' : 'not '}one`, () => {
    expect(matcherOf(spec(subject, resource))(inNamespace)).toBe(expected);
    expect(matcherOf(spec(subject, resource))(outside)).toBe(false);
  });
});

test.each([
  [{ ...rule, clusterScope: true }, true],
  [{ ...rule, namespaces: ['*'] }, false],
])('a request without a namespace needs clusterScope', (resource, expected) => {
  expect(matcherOf(spec(goodUser, resource))(inCluster)).toBe(expected);
});

test.each([
  ['*', true],
  ['/openapi', true],
  ['/openapi/*', true],
  ['/openapi/v2', true],
  ['/open', false],
  ['/openapi/v3', false],
])('a rule for the path %s', (path, expected) => {
  expect(matcherOf(spec(goodUser, undefined, [path]))(outside)).toBe(expected);
});

test.each([
  ['*', 'a', 'system:serviceaccount:a:x', true],
  ['*', 'a', 'system:serviceaccount:ab:x', false],
  ['x', 'a', 'system:serviceaccount:a:x', true],
  ['x', 'a', 'system:serviceaccount:a:y', false],
])('account %s of %s', (name, namespace, who, expected) => {
  const matches = matcherOf(spec({ kind: 'ServiceAccount', serviceAccount: { name, namespace } }, rule));
  expect(matches({ ...inNamespace, user: { name: who, groups: [] } })).toBe(expected);
});

describe('by what a cluster begins with', () => {
  const configuration = configurationOf(bootstrapFlowSchemas, bootstrapPriorityLevels);
  const asked = (name: string, groups: string[], more: Partial<Attributes> = {}): Attributes => ({
    ...{ cluster: 'default', verb: 'list', namespace: 'ns', path: '' },
    user: { name, groups: [...groups, 'system:authenticated'] },
    resource: { group: '', version: 'v1', plural: 'pods' },
    ...more,
  });
  const path = (value: string): Partial<Attributes> => {
    const { resource: _r, namespace: _n, ...rest } = asked('', []);
    return { ...rest, path: value, verb: 'get' };
  };
  test.each<[string, Attributes]>([
    ['exempt', asked('admin', ['system:masters'])],
    ['global-default', asked('jane', [])],
    ['service-accounts', asked('system:serviceaccount:a:b', ['system:serviceaccounts'])],
    [
      'kube-system-service-accounts',
      asked('system:serviceaccount:kube-system:b', ['system:serviceaccounts']),
    ],
    ['kube-scheduler', asked('system:kube-scheduler', [])],
    ['system-nodes', asked('system:node:n', ['system:nodes'])],
  ])('a request goes by %s', (name, attributes) => {
    expect(schemaFor(configuration, attributes).name).toBe(name);
  });

  test('a probe by probes, and whoever matches nothing by catch-all', () => {
    const stranger = { name: 'x', groups: ['system:unauthenticated'] };
    const probe = { ...path('/readyz'), user: stranger } as Attributes;
    expect(schemaFor(configuration, { ...probe, resource: undefined } as unknown as Attributes).name).toBe(
      'probes',
    );
    expect(schemaFor(configuration, asked('x', [])).name).toBe('global-default');
    expect(schemaFor(configuration, { ...asked('x', []), user: { name: 'x', groups: [] } }).name).toBe(
      'catch-all',
    );
  });
});

test('of schemas with the same precedence the name decides; one without its level counts as absent', () => {
  const all = { kind: 'User', user: { name: '*' } };
  const schema = (name: string, level: string, matchingPrecedence = 5): FlowSchema => ({
    metadata: { name },
    spec: { ...spec(all, rule), matchingPrecedence, priorityLevelConfiguration: { name: level } },
  });
  const { schemas } = configurationOf(
    [schema('b', 'global-default'), schema('a', 'global-default'), schema('gone', 'nowhere', 2)],
    bootstrapPriorityLevels,
  );
  expect(schemas.map(({ name }) => name)).toEqual(['exempt', 'a', 'b', 'catch-all']);
});
