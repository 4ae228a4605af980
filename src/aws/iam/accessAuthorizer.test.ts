import { describe, expect, test } from '@jest/globals';
import type { Attributes, Decision } from '../../shared/auth/authorize.ts';
import { anonymous, type User } from '../../shared/auth/user.ts';
import { accessAuthorizer } from './accessAuthorizer.ts';
import { type AccessPolicy, type AccessScope, parseAccessEntries } from './accessEntries.ts';

const arn = 'arn:aws:iam::111122223333:role/dev';
const user: User = { name: 'dev', groups: ['system:authenticated'], extra: { canonicalArn: [arn] } };
const policyArn = (name: string) => `arn:aws:eks::aws:cluster-access-policy/AmazonEKS${name}Policy`;
const cluster = { type: 'cluster' } as const;
const inDev = { type: 'namespace' as const, namespaces: ['dev'] };

const holding = (policy: string, accessScope: AccessPolicy['accessScope']) =>
  accessAuthorizer([{ principalArn: arn, accessPolicies: [{ policyArn: policyArn(policy), accessScope }] }]);

/** `get pods/log.apps dev/x`, `list nodes` */
function may(authorizer: ReturnType<typeof accessAuthorizer>, line: string, who = user, cluster = 'default') {
  const [verb = '', what = '', where = ''] = line.split(' ');
  if (what.startsWith('/')) return allowed(authorizer, { cluster, user: who, verb, path: what });
  const [full = '', ...group] = what.split('.');
  const [plural = '', subresource] = full.split('/');
  const [namespace, name] = where.includes('/') ? where.split('/') : ['', where];
  return allowed(authorizer, {
    cluster,
    user: who,
    verb,
    resource: { group: group.join('.'), version: 'v1', plural, ...(subresource && { subresource }) },
    ...(namespace && { namespace }),
    ...(name && { name }),
    path: '',
  });
}

/** Decides at once: nothing has to be looked up. */
const allowed = (authorizer: ReturnType<typeof accessAuthorizer>, attributes: Attributes) =>
  (authorizer.decide(attributes) as Decision).allowed;

describe.each([
  {
    policy: 'ClusterAdmin',
    scope: cluster,
    can: [
      'delete nodes n',
      'get secrets dev/s',
      'create logicalclusters.shallop.dev',
      'get /metrics',
      'impersonate users bob',
    ],
    cannot: [] as string[],
  },
  {
    policy: 'Admin',
    scope: cluster,
    can: [
      'get secrets dev/s',
      'create pods dev/',
      'list pods',
      'create rolebindings.rbac.authorization.k8s.io dev/',
    ],
    cannot: [
      'get nodes n',
      'create namespaces',
      'delete namespaces dev',
      'get /metrics',
      'impersonate users bob',
      'update pods/status dev/x',
    ],
  },
  {
    policy: 'Edit',
    scope: inDev,
    can: [
      'create deployments.apps dev/',
      'patch deployments/scale.apps dev/web',
      'get secrets dev/s',
      'create pods/exec dev/x',
      'create pods/eviction dev/x',
      'get namespaces dev/dev',
      'update leases.coordination.k8s.io dev/x',
    ],
    cannot: [
      'create deployments.apps prod/',
      'list pods',
      'list namespaces',
      'get namespaces prod/prod',
      'create rolebindings.rbac.authorization.k8s.io dev/',
      'update deployments/status.apps dev/web',
      'create endpoints dev/',
    ],
  },
  {
    policy: 'View',
    scope: inDev,
    can: [
      'get pods dev/x',
      'watch pods dev/',
      'get pods/log dev/x',
      'get deployments/scale.apps dev/web',
      'list events dev/',
    ],
    cannot: [
      'get secrets dev/s',
      'create pods dev/',
      'get pods/exec dev/x',
      'list pods',
      'get pods prod/x',
      'impersonate serviceaccounts dev/x',
    ],
  },
  {
    policy: 'AdminView',
    scope: cluster,
    can: ['get secrets dev/s', 'list nodes', 'get /metrics'],
    cannot: ['create pods dev/', 'delete nodes n', 'post /metrics', 'impersonate users bob'],
  },
  {
    policy: 'ClusterAdmin',
    scope: inDev,
    can: ['delete secrets dev/s', 'delete namespaces dev/dev'],
    cannot: ['delete secrets prod/s', 'list secrets', 'get nodes n', 'get /metrics', 'impersonate users dev'],
  },
])('$policy over $scope', ({ policy, scope, can, cannot }) => {
  const authorizer = holding(policy, scope);
  test.each(can)('may %s', (line) => expect(may(authorizer, line)).toBe(true));
  if (cannot.length) test.each(cannot)('may not %s', (line) => expect(may(authorizer, line)).toBe(false));
});

describe('without a policy', () => {
  const authorizer = holding('ClusterAdmin', cluster);
  const stranger: User = {
    name: 'x',
    groups: ['system:authenticated'],
    extra: { canonicalArn: [`${arn}2`] },
  };
  const basics = [
    'get /api',
    'get /openapi/v3/apis/apps/v1',
    'create selfsubjectaccessreviews.authorization.k8s.io',
  ];

  test.each(basics)('those who are known may %s', (line) =>
    expect(may(authorizer, line, stranger)).toBe(true),
  );
  test.each(['list pods dev/', 'get /metrics', 'get /', 'post /api'])('they may not %s', (line) =>
    expect(may(authorizer, line, stranger)).toBe(false),
  );
  test.each(['get /readyz', 'get /livez', 'get /version'])('everybody may %s', (line) =>
    expect(may(authorizer, line, anonymous)).toBe(true),
  );
  test.each([
    ...basics,
    'get /readyzzz',
    'get /livez/ping',
    'list pods dev/',
    'post /version',
    'get /metrics',
    'get /',
  ])('strangers may not %s', (line) => expect(may(authorizer, line, anonymous)).toBe(false));
  test('a name like an ARN is nobody', () => {
    expect(may(authorizer, 'delete nodes n', { name: arn, groups: ['system:authenticated'] })).toBe(false);
  });
});

test('a service account has rights by an entry that names it', () => {
  const principalArn = 'system:serviceaccount:dev:robot';
  const accessPolicies = [{ policyArn: policyArn('View'), accessScope: inDev }];
  const authorizer = accessAuthorizer([{ principalArn, accessPolicies }]);
  const account = (name: string): User => ({ name, groups: ['system:authenticated'] });
  expect(may(authorizer, 'list pods dev/', account(principalArn))).toBe(true);
  expect(may(authorizer, 'list pods dev/', account('system:serviceaccount:dev:other'))).toBe(false);
});

describe('D11: an entry counts', () => {
  const inCluster = (clusters?: string[], scope: AccessScope = inDev) =>
    holding('View', { ...scope, ...(clusters && { clusters }) });
  test.each<{ clusters?: string[]; in: string; allowed: boolean }>([
    { in: 'default', allowed: true },
    { in: 'red', allowed: false },
    { clusters: ['red'], in: 'red', allowed: true },
    { clusters: ['red'], in: 'default', allowed: false },
    { clusters: ['*'], in: 'blue', allowed: true },
    { clusters: [], in: 'default', allowed: false },
  ])('for $clusters in $in: $allowed', ({ clusters, in: where, allowed: expected }) => {
    for (const scope of [inDev, cluster]) {
      const authorizer = inCluster(clusters, scope);
      expect(may(authorizer, 'list pods dev/', user, where)).toBe(expected);
    }
  });
});

test('the rules of a namespace are what is allowed there', async () => {
  const rules = await holding('View', inDev).rules('default', user, 'dev');
  expect(rules.resourceRules.some(({ resources }) => resources.includes('pods/log'))).toBe(true);
  const elsewhere = await holding('View', inDev).rules('default', user, 'prod');
  expect(elsewhere.resourceRules.flatMap(({ resources }) => resources)).not.toContain('pods');
});

const entry = { principalArn: arn };
test.each([
  { text: '{', says: 'no JSON' },
  { text: '{}', says: 'not a list' },
  { text: '[null]', says: '[0].principalArn' },
  { text: JSON.stringify([{ principalArn: 'bob' }]), says: '[0].principalArn' },
  { text: JSON.stringify([{ ...entry, type: 'EC2_LINUX' }]), says: 'type' },
  { text: JSON.stringify([{ ...entry, username: 'system:admin' }]), says: 'username' },
  { text: JSON.stringify([{ ...entry, kubernetesGroups: ['system:masters'] }]), says: 'kubernetesGroups' },
  { text: JSON.stringify([{ ...entry, kubernetesGroups: 'devs' }]), says: 'kubernetesGroups' },
  {
    text: JSON.stringify([{ ...entry, accessPolicies: [{ policyArn: policyArn('View') }] }]),
    says: 'accessPolicies[0]',
  },
  {
    text: JSON.stringify([
      {
        ...entry,
        accessPolicies: [{ policyArn: policyArn('View'), accessScope: { ...cluster, clusters: 'red' } }],
      },
    ]),
    says: 'accessPolicies[0]',
  },
  {
    text: JSON.stringify([
      { ...entry, accessPolicies: [{ policyArn: policyArn('Nope'), accessScope: cluster }] },
    ]),
    says: 'accessPolicies[0]',
  },
  {
    text: JSON.stringify([
      { ...entry, accessPolicies: [{ policyArn: policyArn('View'), accessScope: { type: 'namespace' } }] },
    ]),
    says: 'accessPolicies[0]',
  },
])('entries $text are wrong: $says', ({ text, says }) => {
  expect(() => parseAccessEntries(text)).toThrow(says);
});
