/** Flow schemas and priority levels. */
import { absent, type Places, type Subject } from '../grammar.ts';

const group = '/apis/flowcontrol.apiserver.k8s.io/v1';
const resourceRule = { verbs: ['*'], apiGroups: ['*'], resources: ['*'], namespaces: ['*'] };
const rule = {
  subjects: [{ kind: 'User', user: { name: 'u' } }],
  resourceRules: [resourceRule],
  nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/healthz', '/apis/*'] }],
};

export const schema: Subject = {
  name: 'flowschema',
  collection: `${group}/flowschemas`,
  base: {
    metadata: { name: 'x' },
    spec: { priorityLevelConfiguration: { name: 'global-default' }, matchingPrecedence: 500, rules: [rule] },
  },
};
export const schemaPlaces: Places = {
  metadata: [{ name: 'A_' }, { name: 'exempt' }],
  spec: [absent, {}],
  status: [{ conditions: [{ type: 'A', status: 'True' }] }],
  'spec.priorityLevelConfiguration': [absent, {}, { name: 'A_' }, { name: 'other' }],
  'spec.matchingPrecedence': [absent, 0, -1, 1, 10_000, 10_001],
  'spec.distinguisherMethod': [{ type: 'ByUser' }, { type: 'ByNamespace' }, { type: 'Other' }, {}],
  'spec.rules': [absent, [], [{}], [{ subjects: [], resourceRules: [] }]],
  'spec.rules.0.subjects': [
    [{ kind: 'Group', group: { name: 'g' } }],
    [{ kind: 'Group', group: { name: '' } }],
    [{ kind: 'Group' }],
    [{ kind: 'User' }],
    [{ kind: 'User', user: {}, group: { name: 'g' }, serviceAccount: { name: 'a', namespace: 'b' } }],
    [{ kind: 'ServiceAccount', serviceAccount: { name: 'a', namespace: 'b' } }],
    [{ kind: 'ServiceAccount', serviceAccount: { name: '*', namespace: 'b' } }],
    [{ kind: 'ServiceAccount', serviceAccount: { name: '', namespace: '' } }],
    [{ kind: 'ServiceAccount', serviceAccount: { name: 'A_', namespace: 'B_' } }],
    [{ kind: 'ServiceAccount', user: { name: 'u' }, group: { name: 'g' } }],
    [{ kind: 'Group', group: { name: 'g' }, user: { name: 'u' }, serviceAccount: {} }],
    [{ kind: 'Other' }],
    [{}],
  ],
  'spec.rules.0.resourceRules': [
    [{}],
    [{ ...resourceRule, verbs: ['*', 'get'] }],
    [{ ...resourceRule, verbs: ['get', 'proxy', 'eat'] }],
    [{ ...resourceRule, apiGroups: ['*', 'apps'], resources: ['*', 'pods'], namespaces: ['*', 'a'] }],
    [{ ...resourceRule, namespaces: [] }],
    [{ ...resourceRule, namespaces: [], clusterScope: true }],
    [{ ...resourceRule, namespaces: ['A_', 'b'] }],
    [{ verbs: ['get'], apiGroups: [''], resources: ['pods'], namespaces: ['default'] }],
  ],
  'spec.rules.0.nonResourceRules': [
    [{}],
    ...['', '/', 'a', '/a b', '/a//b', '/a*', '/a/*', '/*/a', '/*/*'].map((path) => [
      { verbs: ['get'], nonResourceURLs: [path] },
    ]),
    [{ verbs: ['*', 'get'], nonResourceURLs: ['*', '/a'] }],
    [{ verbs: ['eat'], nonResourceURLs: ['*'] }],
  ],
};
export const schemaPatches = [
  { spec: { matchingPrecedence: 0 } },
  { spec: { matchingPrecedence: 7 } },
  { metadata: { labels: { a: 'b' } } },
  { status: { conditions: [{ type: 'A', status: 'True' }] } },
];
export const statuses = [
  { status: { conditions: [{ type: 'A', status: 'True' }] } },
  { status: { conditions: [{ type: '' }] } },
  {
    status: { conditions: [{ type: 'A', status: 'Maybe', reason: 'r', message: 'm' }] },
    metadata: { labels: { a: 'b' } },
  },
  { spec: null },
];

export const level: Subject = {
  name: 'prioritylevel',
  collection: `${group}/prioritylevelconfigurations`,
  base: {
    metadata: { name: 'x' },
    spec: { type: 'Limited', limited: { limitResponse: { type: 'Queue', queuing: {} } } },
  },
};
export const levelPlaces: Places = {
  metadata: [
    { name: 'A_' },
    { name: 'exempt' },
    { name: 'x', annotations: { 'flowcontrol.k8s.io/v1beta3-preserve-zero-concurrency-shares': '' } },
  ],
  spec: [
    absent,
    {},
    { type: 'Limited' },
    { type: 'Exempt' },
    { type: 'Other' },
    { type: 'Exempt', exempt: {}, limited: {} },
    { type: 'Exempt', exempt: { nominalConcurrencyShares: -1, lendablePercent: 101 } },
    { type: 'Limited', exempt: {} },
    { type: 'Limited', limited: {} },
  ],
  'spec.limited.nominalConcurrencyShares': [0, -1, 5],
  'spec.limited.lendablePercent': [-1, 0, 100, 101],
  'spec.limited.borrowingLimitPercent': [-1, 0, 500],
  'spec.limited.limitResponse': [
    {},
    { type: 'Reject' },
    { type: 'Reject', queuing: {} },
    { type: 'Queue' },
    { type: 'Other' },
    { type: 'Queue', queuing: { queues: -1, handSize: -1, queueLengthLimit: -1 } },
    { type: 'Queue', queuing: { queues: 4, handSize: 5 } },
    { type: 'Queue', queuing: { queues: 1024, handSize: 7 } },
    { type: 'Queue', queuing: { queues: 10_000_001, handSize: 1 } },
  ],
};
export const levelPatches = [
  { spec: { limited: { nominalConcurrencyShares: 7 } } },
  { spec: { type: 'Exempt' } },
  { metadata: { labels: { a: 'b' } } },
];
