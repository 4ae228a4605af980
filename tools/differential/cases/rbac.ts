import type { Case, Request } from '../case.ts';
import { absent, type Places, type Subject, seeded } from '../grammar.ts';

const root = '/apis/rbac.authorization.k8s.io/v1';
const apiGroup = 'rbac.authorization.k8s.io';
const readPods = { verbs: ['get'], apiGroups: [''], resources: ['pods'] };
const ofUser = { kind: 'User', name: 'jane', apiGroup };

export const role: Subject = {
  name: 'role',
  collection: `${root}/namespaces/default/roles`,
  base: { metadata: { name: 'x' }, rules: [readPods] },
};
export const clusterRole: Subject = {
  name: 'clusterrole',
  collection: `${root}/clusterroles`,
  base: { metadata: { name: 'x' }, rules: [readPods] },
};
export const roleBinding: Subject = {
  name: 'rolebinding',
  collection: `${root}/namespaces/default/rolebindings`,
  base: { metadata: { name: 'x' }, subjects: [ofUser], roleRef: { apiGroup, kind: 'Role', name: 'r' } },
};
export const clusterRoleBinding: Subject = {
  name: 'clusterrolebinding',
  collection: `${root}/clusterrolebindings`,
  base: {
    metadata: { name: 'x' },
    subjects: [ofUser],
    roleRef: { apiGroup, kind: 'ClusterRole', name: 'r' },
  },
};

export const rolePlaces: Places = {
  'metadata.name': ['a:b', 'A', 'a/b', 'a%b', '..', ''],
  rules: [
    absent,
    null,
    [],
    [{}],
    'x',
    [{ verbs: [] }],
    [{ verbs: ['get'] }],
    [{ verbs: ['get'], apiGroups: [''] }],
    [{ verbs: ['get'], resources: ['pods'] }],
    [{ ...readPods, resourceNames: [] }],
    [{ ...readPods, resourceNames: ['a'] }],
    [{ ...readPods, unknown: 1 }],
    [{ verbs: ['get'], nonResourceURLs: ['/a'] }],
    [{ ...readPods, nonResourceURLs: ['/a', '/b'] }],
    [{ nonResourceURLs: ['/a'] }],
    [readPods, {}, { verbs: ['*'] }],
  ],
};
export const aggregationPlaces: Places = {
  aggregationRule: [
    null,
    {},
    { clusterRoleSelectors: [] },
    { clusterRoleSelectors: [{}] },
    { clusterRoleSelectors: [{ matchLabels: { a: 'b' } }] },
    { clusterRoleSelectors: [{ matchLabels: { a_: 'b' } }] },
    { clusterRoleSelectors: [{ matchLabels: { a: 'b c' } }] },
    { clusterRoleSelectors: [{ matchExpressions: [{ key: 'a', operator: 'In' }] }] },
    { clusterRoleSelectors: [{ matchExpressions: [{ key: 'a', operator: 'Near', values: ['x'] }] }] },
  ],
};
const account = { kind: 'ServiceAccount', name: 'a' };
export const bindingPlaces: Places = {
  'metadata.name': ['a:b', 'a/b', ''],
  subjects: [
    absent,
    null,
    [],
    [{}],
    [{ kind: 'User' }],
    [{ kind: 'User', name: 'a' }],
    [{ kind: 'User', name: 'a', apiGroup: 'x' }],
    [{ kind: 'Group', name: 'a', apiGroup: '' }],
    [{ kind: 'Group', name: 'a', namespace: 'n' }],
    [account],
    [{ ...account, namespace: 'n' }],
    [{ ...account, apiGroup }],
    [{ kind: 'ServiceAccount', name: 'A_', namespace: 'n' }],
    [{ kind: 'Robot', name: 'a' }],
    [ofUser, ofUser],
  ],
  roleRef: [
    absent,
    {},
    { kind: 'Role', name: 'r' },
    { kind: 'ClusterRole', name: 'r' },
    { kind: 'Pod', name: 'r', apiGroup },
    { kind: 'Role', name: 'a/b', apiGroup },
    { kind: 'Role', name: 'r', apiGroup: 'x' },
    { kind: 'ClusterRole', name: '', apiGroup },
  ],
};

/** What somebody may do once these rules are theirs. */
const given = (rules: object[]): Request[] => [
  { line: `POST ${role.collection}`, body: { metadata: { name: 'given' }, rules } },
  {
    line: `POST ${roleBinding.collection}`,
    body: {
      metadata: { name: 'given' },
      subjects: [ofUser],
      roleRef: { apiGroup, kind: 'Role', name: 'given' },
    },
  },
];

const random = seeded(7);
const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)]!;
const some = <T>(all: readonly T[], most = 2): T[] => [
  ...new Set(Array.from({ length: 1 + Math.floor(random() * most) }, () => pick(all))),
];
const verbs = ['get', 'list', 'create', '*'];
const groups = ['', 'apps', '*'];
const resources = ['pods', 'pods/log', 'secrets', 'deployments', 'deployments/scale', '*/scale', '*'];
const names = ['a', 'b'];
const anyRule = () => ({
  verbs: some(verbs),
  apiGroups: some(groups),
  resources: some(resources, 3),
  ...(random() < 0.3 && { resourceNames: some(names) }),
});
const anyRules = (most: number) => Array.from({ length: 1 + Math.floor(random() * most) }, anyRule);

const reviews = '/apis/authorization.k8s.io/v1';
const question = () => {
  const [resource = '', subresource] = pick([
    'pods',
    'pods/log',
    'secrets',
    'deployments/scale',
    'others',
  ]).split('/');
  return {
    namespace: pick(['default', 'default', 'default', 'other', '']),
    verb: pick(['get', 'list', 'create', 'other']),
    group: pick(['', 'apps', 'other']),
    resource,
    ...(subresource && { subresource }),
    ...(random() < 0.5 && { name: pick(['a', 'b', 'c']) }),
  };
};

/** Decisions over generated roles, with what allows. */
export const decisions: Case[] = Array.from({ length: 160 }, (_, i) => ({
  name: `decision ${i}`,
  before: given(anyRules(3)),
  request: {
    line: `POST ${reviews}/subjectaccessreviews`,
    body: { spec: { user: 'jane', resourceAttributes: question() } },
  },
}));

const author = {
  verbs: ['create', 'update', 'get'],
  apiGroups: [apiGroup],
  resources: ['roles', 'rolebindings'],
};

/** Somebody writes a role, holding others. */
export const escalations: Case[] = Array.from({ length: 100 }, (_, i) => ({
  name: `escalation ${i}`,
  before: given([author, ...anyRules(3)]),
  request: {
    line: `POST ${role.collection}`,
    as: { user: 'jane', groups: ['devs'] },
    body: { metadata: { name: 'x' }, rules: anyRules(2) },
  },
}));

const jane = { user: 'jane' };
const binding = (kind: string, name: string) => ({
  metadata: { name: 'x' },
  subjects: [ofUser],
  roleRef: { apiGroup, kind, name },
});
const rights = (...more: object[]) => given([author, ...more]);

const impersonated: NonNullable<Request['as']>[] = [
  { user: 'bob', groups: ['a', 'b, c'], extra: { 'acme.com/team': 'red' } },
  { user: 'system:serviceaccount:ns:sa' },
  { user: 'system:serviceaccount:NS:sa' },
  { user: 'bob', groups: ['system:unauthenticated'] },
  { user: 'bob', groups: ['system:authenticated', 'x'] },
  { user: '', groups: ['g'] },
  { user: '', extra: { scopes: 'view' } },
  { user: 'system:anonymous' },
];

/** Bindings, `bind` and `escalate`, refusals, and acting as others. */
export const refusals: Case[] = [
  { name: 'bind a role that is not there', before: rights(), request: bind('Role', 'none') },
  { name: 'bind a clusterrole that is not there', before: rights(), request: bind('ClusterRole', 'none') },
  { name: 'bind what one holds', before: rights(readPods), request: bind('Role', 'given') },
  { name: 'bind more than one holds', before: rights(), request: bind('ClusterRole', 'system:node-proxier') },
  { name: 'bind everything', before: rights(), request: bind('ClusterRole', 'cluster-admin') },
  { name: 'bind what is no role', before: rights(), request: bind('Pod', 'x') },
  {
    name: 'bind by the right to bind',
    before: rights({ verbs: ['bind'], apiGroups: [apiGroup], resources: ['clusterroles'] }),
    request: bind('ClusterRole', 'cluster-admin'),
  },
  {
    name: 'escalate by the right to escalate',
    before: rights({ verbs: ['escalate'], apiGroups: [apiGroup], resources: ['roles'] }),
    request: {
      line: `POST ${role.collection}`,
      as: jane,
      body: { metadata: { name: 'x' }, rules: [readPods] },
    },
  },
  {
    name: 'put a role that is not there',
    before: rights(readPods),
    request: { line: `PUT ${role.collection}/x`, as: jane, body: role.base },
  },
  {
    name: 'put a role that is not there without the right to create',
    before: given([{ ...author, verbs: ['update'] }, readPods]),
    request: { line: `PUT ${role.collection}/x`, as: jane, body: role.base },
  },
  ...[
    'GET /api/v1/namespaces/default/pods',
    'GET /api/v1/pods',
    'GET /api/v1/namespaces/default/pods/a/log',
    'GET /api/v1/namespaces/default/pods?watch=true',
    'GET /api/v1/watch/namespaces/default/pods',
    'GET /api/v1/namespaces/default',
    'GET /api/v1/namespaces',
    'DELETE /api/v1/namespaces/default/pods',
    'POST /api/v1/namespaces/default/pods',
    'POST /api/v1/namespaces/default/pods/a/binding',
    'PATCH /apis/apps/v1/namespaces/default/deployments/a/scale',
    'GET /apis/apps/v1/namespaces/default/nothings/a/b/c',
    'GET /apis/none.example/v1/x',
    'GET /metrics',
    'GET /healthz/ping',
    'POST /healthz',
    'GET /<script>',
    'GET /openid/v1/jwks',
    'POST /apis/authentication.k8s.io/v1/tokenreviews',
    `POST ${reviews}/subjectaccessreviews`,
    `POST ${reviews}/namespaces/default/localsubjectaccessreviews`,
  ].flatMap((line): Case[] => [
    { name: `refused ${line}`, request: { line, as: jane } },
    { name: `refused to strangers ${line}`, request: { line, as: { user: 'system:anonymous' } } },
  ]),
  ...impersonated.map(
    (as): Case => ({
      name: `acting as ${JSON.stringify(as)}`,
      request: { line: 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews', as, body: {} },
    }),
  ),
];

function bind(kind: string, name: string): Request {
  return { line: `POST ${roleBinding.collection}`, as: jane, body: binding(kind, name) };
}
