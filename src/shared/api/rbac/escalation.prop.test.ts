import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { missingRights } from '../../auth/rbac/covers.ts';
import { ruleSet } from '../../auth/rbac/ruleSet.ts';
import type { ClusterRole, PolicyRule } from '../../kinds/schema/types.ts';
import { type Send, testServer } from '../testing/testingServer.ts';

const verbs = ['get', 'list', 'create', '*'];
const groups = ['', 'apps', '*'];
const resources = ['pods', 'pods/log', 'secrets', 'deployments', '*/scale', '*'];
const names = ['a', 'b'];
const some = (values: string[], minLength = 1) =>
  fc.uniqueArray(fc.constantFrom(...values), { minLength, maxLength: 3 });
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: some(verbs),
  apiGroups: some(groups),
  resources: some(resources),
  resourceNames: some(names, 0),
});
const rules = fc.array(rule, { maxLength: 3 });

/** Every question that these words can ask; a star asks about what nobody thought of. */
const questions = ['get', 'list', 'create', 'other'].flatMap((verb) =>
  ['', 'apps', 'other'].flatMap((group) =>
    ['pods', 'pods/log', 'secrets', 'deployments', 'deployments/scale', 'others', 'others/scale'].flatMap(
      (full) =>
        ['', 'a', 'b', 'c'].map((name) => {
          const [plural = '', subresource] = full.split('/');
          return {
            verb,
            name,
            path: '',
            resource: { group, version: 'v1', plural, ...(subresource && { subresource }) },
          };
        }),
    ),
  ),
);

test('rights that are called held allow nothing more than what holds them', () => {
  fc.assert(
    fc.property(rules, rules, (held, wanted) => {
      if (missingRights(held, wanted).length > 0) return;
      const [owner, servant] = [ruleSet(held), ruleSet(wanted)];
      expect(questions.filter((asked) => servant.allows(asked) && !owner.allows(asked))).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

const base = '/apis/rbac.authorization.k8s.io/v1/namespaces/default';
const jane: Send = { peer: { certificate: { commonName: 'jane', organizations: [] } } };
const author: PolicyRule = {
  verbs: ['create', 'update', 'patch', 'get'],
  apiGroups: ['rbac.authorization.k8s.io'],
  resources: ['roles', 'rolebindings'],
};
const binding = (name: string, role: string) => ({
  metadata: { name },
  subjects: [{ kind: 'User', name: 'jane' }],
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role },
});

test('whatever roles somebody writes and binds, their rights do not grow', async () => {
  await fc.assert(
    fc.asyncProperty(rules, fc.array(rules, { minLength: 1, maxLength: 4 }), async (held, attempts) => {
      const { send } = await testServer();
      const given = [author, ...held];
      await send(`POST ${base}/roles`, { body: { metadata: { name: 'given' }, rules: given } });
      await send(`POST ${base}/rolebindings`, { body: binding('given', 'given') });
      for (const [i, wanted] of attempts.entries()) {
        const body = { metadata: { name: `r${i}` }, rules: wanted };
        const headers = { 'content-type': 'application/merge-patch+json' };
        await send(`POST ${base}/roles`, { ...jane, body });
        await send(`PUT ${base}/roles/r${i}`, { ...jane, body });
        await send(`PATCH ${base}/roles/given`, { ...jane, headers, body: { rules: [...given, ...wanted] } });
        await send(`POST ${base}/rolebindings`, { ...jane, body: binding(`b${i}`, `r${i}`) });
      }
      const { json } = await send('POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
        ...jane,
        body: { spec: { namespace: 'default' } },
      });
      const before = ruleSet(given);
      const after = ruleSet(
        json.status.resourceRules.filter(({ apiGroups }: PolicyRule) => !isReview(apiGroups)),
      );
      expect(questions.filter((asked) => after.allows(asked) && !before.allows(asked))).toEqual([]);
    }),
    { numRuns: 25 },
  );
});

/** Returns what everybody may do. */
const isReview = (apiGroups: string[] = []) => apiGroups.some((group) => /^auth.*\.k8s\.io$/.test(group));

const wide = '/apis/rbac.authorization.k8s.io/v1';
const wideAuthor: PolicyRule = {
  verbs: ['create', 'update', 'patch', 'get', 'delete'],
  apiGroups: ['rbac.authorization.k8s.io'],
  resources: ['clusterroles', 'clusterrolebindings', 'roles', 'rolebindings'],
};
const bootstrapped = fc.constantFrom(
  'cluster-admin',
  'admin',
  'edit',
  'view',
  'system:node',
  'system:masters',
);
/** One try to get further: requests, each of which a server may refuse. */
const attempt = fc.oneof(
  rules.map((wanted) => (i: number) => [
    ['POST', 'clusterroles', { metadata: { name: `r${i}` }, rules: wanted }],
    ['POST', 'clusterrolebindings', wideBinding(`b${i}`, `r${i}`)],
  ]),
  rules.map((wanted) => (i: number) => [
    // An empty role is bound first and filled later.
    ['POST', 'clusterroles', { metadata: { name: `r${i}` }, rules: [] }],
    ['POST', 'clusterrolebindings', wideBinding(`b${i}`, `r${i}`)],
    ['PUT', `clusterroles/r${i}`, { metadata: { name: `r${i}` }, rules: wanted }],
    ['PATCH', `clusterroles/r${i}`, { rules: wanted }],
  ]),
  rules.map((wanted) => (i: number) => [
    // A role that others gather.
    [
      'POST',
      'clusterroles',
      {
        metadata: { name: `r${i}`, labels: { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' } },
        rules: wanted,
      },
    ],
    ['PATCH', 'clusterroles/given', { aggregationRule: { clusterRoleSelectors: [{ matchLabels: {} }] } }],
  ]),
  bootstrapped.map((role) => (i: number) => [
    ['POST', 'clusterrolebindings', wideBinding(`b${i}`, role)],
    ['POST', 'namespaces/default/rolebindings', wideBinding(`b${i}`, role)],
    ['PATCH', 'clusterrolebindings/given', { roleRef: wideBinding('', role).roleRef }],
    ['DELETE', 'clusterrolebindings/given', undefined],
    ['POST', 'clusterrolebindings', wideBinding('given', role)],
  ]),
) as fc.Arbitrary<(i: number) => [method: string, path: string, body: object | undefined][]>;

/** Those that gather from the beginning. */
const bootstrapRoles = ['admin', 'edit', 'view'];

const escalation = {
  verb: 'escalate',
  name: 'given',
  path: '',
  resource: { group: 'rbac.authorization.k8s.io', version: 'v1', plural: 'clusterroles' },
};

const wideBinding = (name: string, role: string) => ({
  metadata: { name },
  subjects: [{ kind: 'User', name: 'jane' }],
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role },
});

test('nor do those of somebody who writes and binds roles of the whole cluster, in no namespace', async () => {
  await fc.assert(
    fc.asyncProperty(rules, fc.array(attempt, { minLength: 1, maxLength: 4 }), async (held, attempts) => {
      const { send } = await testServer();
      const given = [wideAuthor, ...held];
      await send('POST /api/v1/namespaces', { body: { metadata: { name: 'other' } } });
      await send(`POST ${wide}/clusterroles`, { body: { metadata: { name: 'given' }, rules: given } });
      await send(`POST ${wide}/clusterrolebindings`, { body: wideBinding('given', 'given') });
      const headers = { 'content-type': 'application/merge-patch+json' };
      for (const [i, requests] of attempts.entries())
        for (const [method, path, body] of requests(i))
          await send(`${method} ${wide}/${path}`, {
            ...jane,
            ...(body && { body }),
            ...(method === 'PATCH' && { headers }),
          });
      const before = ruleSet(given);
      // What a role gathers comes to it by a controller, later: only who may escalate, or everything, lets it gather.
      const all = (await send(`GET ${wide}/clusterroles`)).json.items as ClusterRole[];
      const gathering = all
        .filter(({ aggregationRule }) => aggregationRule)
        .map(({ metadata }) => metadata.name);
      if (!before.allows(escalation))
        expect(gathering.filter((name) => !bootstrapRoles.includes(name!))).toEqual([]);
      for (const namespace of ['default', 'other']) {
        const { json } = await send('POST /apis/authorization.k8s.io/v1/selfsubjectrulesreviews', {
          ...jane,
          body: { spec: { namespace } },
        });
        const after = ruleSet(
          json.status.resourceRules.filter(({ apiGroups }: PolicyRule) => !isReview(apiGroups)),
        );
        expect(questions.filter((asked) => after.allows(asked) && !before.allows(asked))).toEqual([]);
      }
    }),
    { numRuns: 25 },
  );
});
