import { expect, test } from '@jest/globals';
import type { Attributes } from '../auth/authorize.ts';
import { parsePolicy } from './parse.ts';
import { accountOf, type Rule } from './policy.ts';

const user = { name: 'tim@k8s.io', groups: ['humans', 'developers'] };
const base = { cluster: 'default', user, verb: 'get', path: '/' };
/** Requests and rules of Kubernetes' own tests of audit policies. */
const requests: Record<string, Attributes> = {
  namespaced: {
    ...base,
    namespace: 'default',
    name: 'busybox',
    resource: { group: '', version: 'v1', plural: 'pods' },
  },
  cluster: {
    ...base,
    name: 'edit',
    resource: { group: 'rbac.authorization.k8s.io', version: 'v1beta1', plural: 'clusterroles' },
  },
  nonResource: { ...base, path: '/logs/kubelet.log' },
  subresource: {
    ...base,
    namespace: 'default',
    name: 'busybox',
    resource: { group: '', version: 'v1', plural: 'pods', subresource: 'log' },
  },
  unauthorized: { ...base, user: { name: '', groups: [] }, path: '/logs/kubelet.log' },
};
const rules: Record<string, Omit<Rule, 'level'>> = {
  default: {},
  getNamespaced: { verbs: ['get'], namespaces: ['default'] },
  getClusterRoles: { verbs: ['get'], resources: [{ group: 'rbac.authorization.k8s.io' }], namespaces: [''] },
  getLogs: { verbs: ['get'], nonResourceURLs: ['/logs*'] },
  getMetrics: { verbs: ['get'], nonResourceURLs: ['/metrics*'] },
  clusterRoleEdit: {
    resources: [{ group: 'rbac.authorization.k8s.io', resources: ['clusterroles'], resourceNames: ['edit'] }],
  },
  omitStages: { omitStages: ['RequestReceived'] },
  getPodLogs: { verbs: ['get'], resources: [{ resources: ['pods/log'] }] },
  getPodWildcard: { verbs: ['get'], resources: [{ resources: ['pods/*'] }] },
  getWildcard: { verbs: ['get'], resources: [{ resources: ['*'] }] },
  getWildcardLogs: { verbs: ['get'], resources: [{ resources: ['*/log'] }] },
  getPods: { verbs: ['get'], resources: [{ resources: ['pods'] }] },
  humans: { userGroups: ['humans'] },
  tims: { users: ['tim@k8s.io'] },
  serviceAccounts: { userGroups: ['system:serviceaccounts'] },
};

test.each([
  ['namespaced', 'default', true],
  ['namespaced', 'getNamespaced', true],
  ['namespaced', 'getLogs', false],
  ['namespaced', 'getClusterRoles', false],
  ['namespaced', 'getPods', true],
  ['namespaced', 'getPodWildcard', true],
  ['namespaced', 'getPodLogs', false],
  ['namespaced', 'humans', true],
  ['namespaced', 'tims', true],
  ['namespaced', 'serviceAccounts', false],
  ['cluster', 'getClusterRoles', true],
  ['cluster', 'clusterRoleEdit', true],
  ['cluster', 'getNamespaced', false],
  ['cluster', 'getPods', false],
  ['nonResource', 'getLogs', true],
  ['nonResource', 'getMetrics', false],
  ['nonResource', 'getNamespaced', false],
  ['subresource', 'getPodLogs', true],
  ['subresource', 'getPodWildcard', true],
  ['subresource', 'getWildcard', true],
  ['subresource', 'getWildcardLogs', true],
  ['subresource', 'getPods', false],
  ['unauthorized', 'getLogs', true],
  ['unauthorized', 'humans', false],
  ['unauthorized', 'tims', false],
])('a request %s and the rule %s: %s', (request, rule, isMatched) => {
  const policy = { rules: [{ level: 'Metadata' as const, ...rules[rule] }] };
  expect(accountOf(policy, requests[request]!).level).toBe(isMatched ? 'Metadata' : 'None');
});

test('the first rule that matches counts, with the stages that it and the policy leave out', () => {
  const policy = {
    omitStages: ['Panic' as const],
    omitManagedFields: true,
    rules: [
      { level: 'None' as const, ...rules.getMetrics },
      { level: 'Request' as const, ...rules.getLogs, ...rules.omitStages, omitManagedFields: false },
      { level: 'RequestResponse' as const },
    ],
  };
  expect(accountOf(policy, requests.nonResource!)).toEqual({
    level: 'Request',
    omitStages: new Set(['Panic', 'RequestReceived']),
    omitManagedFields: false,
  });
  expect(accountOf(policy, requests.cluster!)).toMatchObject({
    level: 'RequestResponse',
    omitManagedFields: true,
  });
});

const head = 'apiVersion: audit.k8s.io/v1\nkind: Policy\n';
test.each([
  ['kind: Policy\n', /it is no Policy of audit.k8s.io\/v1/],
  [head, /loaded illegal policy with 0 rules/],
  [`${head}rules: [{level: Some}]`, /rules\[0\].level: Unsupported value: "Some"/],
  [`${head}rules: [{}]`, /rules\[0\].level: Required value/],
  [
    `${head}rules: [{level: None, omitStages: [Never]}]`,
    /allowed stages are RequestReceived,ResponseStarted/,
  ],
  [
    `${head}rules: [{level: None, namespaces: [a], nonResourceURLs: ["/x"]}]`,
    /rules cannot apply to both regular resources and non-resource URLs/,
  ],
  ['{', /^p.yaml: /],
])('a policy that is none is refused: %j', (text, why) => {
  expect(() => parsePolicy(text, 'p.yaml')).toThrow(why);
});
