import { describe, expect, test } from '@jest/globals';
import type { PolicyRule, RoleRef, Subject } from '../../kinds/schema/types.ts';
import type { Attributes } from '../authorize.ts';
import type { User } from '../user.ts';
import { bootstrapPolicy } from './bootstrap/index.ts';
import { policyOf } from './policy.ts';

const apiGroup = 'rbac.authorization.k8s.io';
const jane: User = { name: 'jane', groups: ['devs', 'system:authenticated'] };
const robot: User = { name: 'system:serviceaccount:ci:robot', groups: ['system:serviceaccounts'] };

/** `get pods/log.apps dev/x`, `list nodes`, `get /metrics` */
function asked(line: string, user = jane): Attributes {
  const [verb = '', what = '', where = ''] = line.split(' ');
  if (what.startsWith('/')) return { cluster: 'default', user, verb, path: what };
  const [full = '', ...group] = what.split('.');
  const [plural = '', subresource] = full.split('/');
  const [namespace, name] = where.includes('/') ? where.split('/') : ['', where];
  return {
    cluster: 'default',
    user,
    verb,
    resource: { group: group.join('.'), version: 'v1', plural, ...(subresource && { subresource }) },
    ...(namespace && { namespace }),
    ...(name && { name }),
    path: '',
  };
}

const rule = (verbs: string, resources: string, more: Partial<PolicyRule> = {}): PolicyRule => ({
  verbs: verbs.split(','),
  apiGroups: [''],
  resources: resources.split(','),
  ...more,
});
const user = (name: string): Subject => ({ kind: 'User', apiGroup, name });
const binding = (name: string, kind: string, role: string, subjects: Subject[], namespace?: string) => ({
  metadata: { name, ...(namespace && { namespace }) },
  roleRef: { apiGroup, kind, name: role } as RoleRef,
  subjects,
});

const granting = (...rules: PolicyRule[]) =>
  policyOf({
    clusterRoles: [{ metadata: { name: 'r' }, rules }],
    clusterRoleBindings: [binding('b', 'ClusterRole', 'r', [user('jane')])],
    roles: [],
    roleBindings: [],
  });

describe('rules', () => {
  test.each<{ rule: PolicyRule; can: string[]; cannot: string[] }>([
    {
      rule: rule('get,list', 'pods'),
      can: ['get pods dev/x', 'list pods', 'list pods dev/'],
      cannot: ['watch pods', 'get pods/log dev/x', 'get pods.apps dev/x', 'get /pods', 'get Pods dev/x'],
    },
    { rule: rule('*', 'pods'), can: ['anything pods dev/x'], cannot: ['get secrets dev/x'] },
    {
      rule: rule('get', '*'),
      can: ['get pods dev/x', 'get pods/log dev/x'],
      cannot: ['get pods.apps dev/x'],
    },
    {
      rule: rule('get', '*/scale', { apiGroups: ['*'] }),
      can: ['get deployments/scale.apps dev/x', 'get pods/scale dev/x'],
      cannot: ['get deployments.apps dev/x', 'get deployments/status.apps dev/x', 'get scale dev/x'],
    },
    {
      rule: rule('get', 'pods/log'),
      can: ['get pods/log dev/x'],
      cannot: ['get pods dev/x', 'get pods/exec dev/x'],
    },
    {
      rule: rule('get,create', 'configmaps', { resourceNames: ['a', 'b'] }),
      can: ['get configmaps dev/a', 'get configmaps dev/b'],
      cannot: ['get configmaps dev/c', 'create configmaps dev/', 'list configmaps dev/'],
    },
    {
      rule: { verbs: ['get'], nonResourceURLs: ['/metrics', '/healthz/*'] },
      can: ['get /metrics', 'get /healthz/etcd', 'get /healthz/'],
      cannot: ['get /metrics/x', 'post /metrics', 'get /healthz', 'get pods dev/x'],
    },
    { rule: { verbs: ['*'], nonResourceURLs: ['*'] }, can: ['post /any/thing'], cannot: ['get pods dev/x'] },
  ])('$rule', ({ rule, can, cannot }) => {
    const policy = granting(rule);
    const allowed = (line: string) => policy.decide(asked(line)).allowed;
    expect(can.filter((line) => !allowed(line))).toEqual([]);
    expect(cannot.filter(allowed)).toEqual([]);
  });
});

describe('bindings', () => {
  const readPods = rule('get', 'pods');
  const account: Subject = { kind: 'ServiceAccount', name: 'robot' };
  const policy = policyOf({
    clusterRoles: [
      { metadata: { name: 'reader' }, rules: [readPods] },
      { metadata: { name: 'nodes' }, rules: [rule('list', 'nodes')] },
    ],
    clusterRoleBindings: [
      binding('ops', 'ClusterRole', 'nodes', [
        { kind: 'Group', apiGroup, name: 'devs' },
        { ...account, namespace: 'ci' },
      ]),
      // Nobody: without a namespace no account is meant.
      binding('lost', 'ClusterRole', 'reader', [account]),
    ],
    roles: [{ metadata: { name: 'reader', namespace: 'dev' }, rules: [rule('get', 'secrets')] }],
    roleBindings: [
      binding('all', 'ClusterRole', 'reader', [user('jane')], 'dev'),
      binding('local', 'Role', 'reader', [account], 'dev'),
      binding('own', 'ClusterRole', 'reader', [account], 'ci'),
      binding('broken', 'Role', 'none', [user('jane')], 'broken'),
    ],
  });

  test.each([
    {
      line: 'get pods dev/x',
      who: jane,
      reason: 'RoleBinding "all/dev" of ClusterRole "reader" to User "jane"',
    },
    { line: 'get pods other/x', who: jane },
    { line: 'get pods', who: jane },
    { line: 'get secrets dev/x', who: jane },
    {
      line: 'list nodes',
      who: jane,
      reason: 'ClusterRoleBinding "ops" of ClusterRole "nodes" to Group "devs"',
    },
    {
      line: 'list nodes',
      who: robot,
      reason: 'ClusterRoleBinding "ops" of ClusterRole "nodes" to ServiceAccount "robot/ci"',
    },
    { line: 'get secrets dev/x', who: robot },
    {
      line: 'get pods ci/x',
      who: robot,
      reason: 'RoleBinding "own/ci" of ClusterRole "reader" to ServiceAccount "robot/ci"',
    },
  ])('$who.name, $line: $reason', ({ line, who, reason }) => {
    expect(policy.decide(asked(line, who))).toEqual(
      reason ? { allowed: true, reason: `RBAC: allowed by ${reason}` } : { allowed: false },
    );
  });

  test('that lead to no role are told in the refusal', () => {
    expect(policy.decide(asked('get pods broken/x'))).toEqual({
      allowed: false,
      reason: 'RBAC: role.rbac.authorization.k8s.io "none" not found',
    });
    expect(policy.rulesFor(jane, 'broken').errors).toEqual([
      'role.rbac.authorization.k8s.io "none" not found',
    ]);
  });

  test('count once, however many of their subjects a user is', () => {
    const twice = policyOf({
      clusterRoles: [{ metadata: { name: 'reader' }, rules: [readPods] }],
      clusterRoleBindings: [
        binding('b', 'ClusterRole', 'reader', [user('jane'), { kind: 'Group', apiGroup, name: 'devs' }]),
      ],
      roles: [],
      roleBindings: [],
    });
    expect(twice.rulesFor(jane, '').rules).toEqual([readPods]);
  });
});

describe('what a cluster begins with', () => {
  const stranger: User = { name: 'system:anonymous', groups: ['system:unauthenticated'] };
  test.each([
    {
      who: stranger,
      can: ['get /healthz', 'get /version'],
      cannot: ['get /api', 'get /metrics', 'get pods dev/x'],
    },
    {
      who: jane,
      can: ['get /api', 'get /apis/apps', 'create selfsubjectaccessreviews.authorization.k8s.io'],
      cannot: [
        'list pods dev/',
        'get /metrics',
        'create tokenreviews.authentication.k8s.io',
        'impersonate users bob',
      ],
    },
    {
      who: { ...robot, groups: ['system:serviceaccounts'] },
      can: ['get /openid/v1/jwks'],
      cannot: ['get secrets ci/x'],
    },
    { who: { name: 'a', groups: ['system:monitoring'] }, can: ['get /metrics'], cannot: ['get pods dev/x'] },
  ])('$who.name may $can', ({ who, can, cannot }) => {
    const allowed = (line: string) => bootstrapPolicy.decide(asked(line, who)).allowed;
    expect(can.filter((line) => !allowed(line))).toEqual([]);
    expect(cannot.filter(allowed)).toEqual([]);
  });

  test('roles that gather have what they gather', () => {
    const has = (name: string, right: PolicyRule) =>
      bootstrapPolicy
        .rulesOf({ apiGroup, kind: 'ClusterRole', name }, '')
        ?.some(
          ({ verbs, resources }) =>
            verbs.includes(right.verbs[0]!) && resources?.includes(right.resources![0]!),
        );
    expect(has('admin', rule('create', 'deployments'))).toBe(true);
    expect(has('edit', rule('list', 'pods'))).toBe(true);
    expect(has('view', rule('get', 'secrets'))).toBe(false);
  });
});
