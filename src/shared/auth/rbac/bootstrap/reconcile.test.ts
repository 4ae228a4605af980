import { describe, expect, test } from '@jest/globals';
import type { ClusterRole, ClusterRoleBinding, PolicyRule } from '../../../kinds/schema/types.ts';
import { reconciledBinding, reconciledRole } from './reconcile.ts';

const annotations = { 'rbac.authorization.kubernetes.io/autoupdate': 'true' };
const isProtected = { 'rbac.authorization.kubernetes.io/autoupdate': 'false' };
const rule = (...verbs: string[]): PolicyRule => ({ verbs, apiGroups: [''], resources: ['pods'] });
const role = (rules: PolicyRule[], more: Partial<ClusterRole> = {}): ClusterRole => ({
  metadata: { name: 'r', annotations },
  rules,
  ...more,
});
const selector = (name: string) => ({ matchLabels: { [name]: 'true' } });

describe('a role', () => {
  test.each<{ why: string; expected: ClusterRole; existing?: ClusterRole; step: unknown }>([
    {
      why: 'that is absent is created',
      expected: role([rule('get')]),
      step: { is: 'create', object: role([rule('get')]) },
    },
    {
      why: 'that is as expected stays',
      expected: role([rule('get')]),
      existing: role([rule('get')]),
      step: undefined,
    },
    {
      why: 'keeps what it has more',
      expected: role([rule('get')]),
      existing: role([rule('get', 'list')]),
      step: undefined,
    },
    {
      why: 'gets what it lacks',
      expected: role([rule('get', 'list')]),
      existing: role([rule('get')]),
      step: { is: 'update', object: role([rule('get'), rule('list')]) },
    },
    {
      why: 'that is protected stays',
      expected: role([rule('get', 'list')]),
      existing: role([], { metadata: { name: 'r', annotations: isProtected } }),
      step: undefined,
    },
    {
      why: 'gets its labels back and keeps others',
      expected: role([], { metadata: { name: 'r', annotations, labels: { a: '1', b: '2' } } }),
      existing: role([], { metadata: { name: 'r', annotations, labels: { b: '3' } } }),
      step: {
        is: 'update',
        object: role([], { metadata: { name: 'r', annotations, labels: { a: '1', b: '3' } } }),
      },
    },
    {
      why: 'gathers what it has to gather, besides what else it gathers',
      expected: role([], { aggregationRule: { clusterRoleSelectors: [selector('a')] } }),
      existing: role([rule('get')], { aggregationRule: { clusterRoleSelectors: [selector('b')] } }),
      step: {
        is: 'update',
        object: role([rule('get')], {
          aggregationRule: { clusterRoleSelectors: [selector('b'), selector('a')] },
        }),
      },
    },
    {
      why: 'that should gather nothing gathers nothing',
      expected: role([rule('get')]),
      existing: role([rule('get')], { aggregationRule: { clusterRoleSelectors: [selector('b')] } }),
      step: { is: 'update', object: role([rule('get')]) },
    },
  ])('$why', ({ expected, existing, step }) => {
    expect(reconciledRole(expected, existing)).toEqual(step);
  });
});

describe('a binding', () => {
  const user = (name: string) => ({ kind: 'User', name });
  const binding = (role: string, ...names: string[]): ClusterRoleBinding => ({
    metadata: { name: 'b', annotations, labels: { a: '1' } },
    roleRef: { kind: 'ClusterRole', name: role, apiGroup: '' },
    subjects: names.map(user),
  });
  test.each([
    { expected: binding('r', 'a'), existing: binding('r', 'a', 'b'), step: undefined },
    {
      expected: binding('r', 'a', 'b'),
      existing: binding('r', 'b'),
      step: { is: 'update', object: binding('r', 'b', 'a') },
    },
    {
      expected: binding('r', 'a'),
      existing: binding('other', 'a'),
      step: { is: 'recreate', object: binding('r', 'a') },
    },
    { expected: binding('r', 'a'), existing: undefined, step: { is: 'create', object: binding('r', 'a') } },
  ])('$existing.subjects of $existing.roleRef.name: $step.is', ({ expected, existing, step }) => {
    expect(reconciledBinding(expected, existing)).toEqual(step);
  });
});
