import { expect, test } from '@jest/globals';
import type { ClusterRole, PolicyRule } from '../../kinds/schema/types.ts';
import { plan } from './plan.ts';

const rule = (resource: string): PolicyRule => ({ verbs: ['get'], apiGroups: [''], resources: [resource] });
const role = (name: string, labels: Record<string, string>, ...resources: string[]): ClusterRole => ({
  metadata: { name, labels },
  rules: resources.map(rule),
});
const gathering = (name: string, selectors: object[], ...resources: string[]): ClusterRole => ({
  ...role(name, { own: 'true' }, ...resources),
  aggregationRule: { clusterRoleSelectors: selectors },
});
const monitoring = { matchLabels: { to: 'monitoring' } };

test.each<{ why: string; role: ClusterRole; all: ClusterRole[]; rules: string[] | undefined }>([
  {
    why: 'gathers nothing',
    role: role('a', {}),
    all: [role('b', { to: 'monitoring' }, 'pods')],
    rules: undefined,
  },
  {
    why: 'gathers what is selected, by name, each rule once',
    role: gathering('a', [monitoring]),
    all: [
      role('c', { to: 'monitoring' }, 'nodes', 'pods'),
      role('b', { to: 'monitoring' }, 'pods'),
      role('d', {}, 'secrets'),
    ],
    rules: ['pods', 'nodes'],
  },
  {
    why: 'has what it gathers',
    role: gathering('a', [monitoring], 'pods'),
    all: [role('b', { to: 'monitoring' }, 'pods')],
    rules: undefined,
  },
  {
    why: 'loses what is no longer selected',
    role: gathering('a', [monitoring], 'pods', 'nodes'),
    all: [role('b', { to: 'monitoring' }, 'pods')],
    rules: ['pods'],
  },
  { why: 'is left by the last one', role: gathering('a', [monitoring], 'pods'), all: [], rules: [] },
  {
    why: 'does not gather from itself',
    role: gathering('a', [{ matchLabels: { own: 'true' } }]),
    all: [],
    rules: undefined,
  },
  {
    why: 'gathers everything by an empty selector',
    role: gathering('a', [{}]),
    all: [role('b', { to: 'monitoring' }, 'pods')],
    rules: ['pods'],
  },
])('a role that $why', ({ role, all, rules }) => {
  expect(plan(role, [role, ...all])).toEqual(rules?.map(rule));
});

test('tens of thousands of rules are gathered once each, however many selectors find them', () => {
  const resources = Array.from({ length: 60_000 }, (_, i) => `r${i}`);
  const selectors = Array.from({ length: 1_000 }, () => monitoring);
  const all = [role('b', { to: 'monitoring' }, ...resources), role('c', { to: 'monitoring' }, 'r1', 'x')];
  expect(plan(gathering('a', selectors), all)).toHaveLength(60_001);
});
