/** Kinds without much to them. */
import { absent, type Places, type Subject } from '../grammar.ts';

const core = (plural: string) => `/api/v1/namespaces/default/${plural}`;
const named = (rest: object = {}) => ({ metadata: { name: 'x' }, ...rest });

export const configMap: Subject = {
  name: 'configmap',
  collection: core('configmaps'),
  base: named({ data: { a: '1' } }),
};
export const frozenMap: Subject = {
  name: 'frozen configmap',
  collection: core('configmaps'),
  base: named({ data: { a: '1' }, immutable: true }),
};
export const secret: Subject = {
  name: 'secret',
  collection: core('secrets'),
  base: named({ stringData: { a: '1' } }),
};
export const frozenSecret: Subject = {
  name: 'frozen secret',
  collection: core('secrets'),
  base: named({ data: { a: 'MQ==' }, immutable: true }),
};
export const serviceAccount: Subject = {
  name: 'serviceaccount',
  collection: core('serviceaccounts'),
  base: named(),
};
export const endpoints: Subject = {
  name: 'endpoints',
  collection: core('endpoints'),
  base: named({ subsets: [{ addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }] }),
};
export const node: Subject = {
  name: 'node',
  collection: '/api/v1/nodes',
  base: named({ spec: { podCIDRs: ['10.1.0.0/24'], podCIDR: '10.1.0.0/24', providerID: 'p' } }),
};
export const namespace: Subject = { name: 'namespace', collection: '/api/v1/namespaces', base: named() };
export const slice: Subject = {
  name: 'endpointslice',
  collection: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  base: named({ addressType: 'IPv4', endpoints: [{ addresses: ['1.2.3.4'] }], ports: [{ port: 80 }] }),
};
export const lease: Subject = {
  name: 'lease',
  collection: '/apis/coordination.k8s.io/v1/namespaces/default/leases',
  base: named({ spec: { holderIdentity: 'h', leaseDurationSeconds: 5 } }),
};
const about = { kind: 'Pod', namespace: 'default', name: 'p' };
export const event: Subject = {
  name: 'event',
  collection: core('events'),
  base: named({
    involvedObject: about,
    reason: 'R',
    message: 'm',
    type: 'Normal',
    source: { component: 'c' },
    count: 1,
  }),
};
export const newEvent: Subject = {
  name: 'new event',
  collection: '/apis/events.k8s.io/v1/namespaces/default/events',
  base: named({
    regarding: about,
    reason: 'R',
    note: 'm',
    type: 'Normal',
    action: 'A',
    reportingController: 'a.b/c',
    reportingInstance: 'i',
    eventTime: '2020-01-01T00:00:00.000000Z',
  }),
};

export const configMapPlaces: Places = {
  data: [
    { 'a b': '1' },
    { '..': '1' },
    { '..a': '1' },
    { '': '1' },
    { a: 1 },
    { a: null },
    null,
    [],
    {},
    { ['a'.repeat(254)]: '1' },
  ],
  binaryData: [{ b: 'AQI=' }, { a: 'AQI=' }, { b: '!' }, { b: 'AQ' }, { b: '' }],
  immutable: [true, 'yes'],
  kind: ['ConfigMap', 'Secret', ''],
  apiVersion: ['v1', 'v2', 'apps/v1'],
};
export const mapUpdates: Places = {
  data: [{ a: '2' }, { a: '1', b: '2' }, absent],
  binaryData: [{ b: 'AQI=' }],
  immutable: [true, false, absent],
  'metadata.labels': [{ q: 'r' }],
};
export const secretPlaces: Places = {
  stringData: [{ 'a b': '1' }, { a: 1 }, { '': '' }, null],
  data: [{ a: 'MQ==' }, { a: '!' }, { 'b c': 'MQ==' }, { b: 'MQ' }],
  type: [
    '',
    'Opaque',
    'a/b',
    'kubernetes.io/tls',
    'kubernetes.io/dockercfg',
    'kubernetes.io/dockerconfigjson',
    'kubernetes.io/basic-auth',
    'kubernetes.io/ssh-auth',
    'kubernetes.io/service-account-token',
    'bootstrap.kubernetes.io/token',
  ],
  immutable: [true],
};
export const typedSecrets = [
  { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'a' } },
  { type: 'kubernetes.io/tls', stringData: { 'tls.crt': 'a', 'tls.key': 'b' } },
  { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': '{}' } },
  { type: 'kubernetes.io/dockercfg', stringData: { '.dockercfg': 'x' } },
  { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{' } },
  { type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': '{}' } },
  { type: 'kubernetes.io/basic-auth', stringData: { username: 'u' } },
  { type: 'kubernetes.io/ssh-auth', stringData: { 'ssh-privatekey': '' } },
  {
    type: 'kubernetes.io/service-account-token',
    metadata: { name: 'x', annotations: { 'kubernetes.io/service-account.name': 'default' } },
  },
];
export const serviceAccountPlaces: Places = {
  secrets: [[{ name: 'a' }], [{}]],
  imagePullSecrets: [[{ name: 'a' }], [{}]],
  automountServiceAccountToken: [false, 'no'],
  'metadata.name': ['X_', 'a.b'],
};
export const endpointsPlaces: Places = {
  subsets: [
    absent,
    [],
    [{}],
    [{ addresses: [{ ip: 'x' }] }],
    [{ addresses: [{ ip: '127.0.0.1' }], ports: [{ port: 80 }] }],
    [
      {
        addresses: [{ ip: '169.254.1.1', hostname: 'H_', nodeName: 'N_' }],
        notReadyAddresses: [{ ip: '224.0.0.1' }],
      },
    ],
    [{ addresses: [{ ip: '0.0.0.0' }, { ip: '::' }, { ip: 'fe80::1' }, { ip: '01.1.1.1' }] }],
    [
      {
        addresses: [{ ip: '1.2.3.4' }],
        ports: [{ port: 0 }, { port: 80, name: 'A_', protocol: 'X', appProtocol: 'a b' }],
      },
    ],
    [
      {
        addresses: [{ ip: '1.2.3.5' }, { ip: '1.2.3.4' }],
        ports: [
          { port: 81, name: 'b' },
          { port: 80, name: 'a' },
        ],
      },
    ],
    [
      { addresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80, name: 'a' }] },
      { addresses: [{ ip: '1.2.3.5' }], ports: [{ port: 80, name: 'a' }] },
    ],
    [{ addresses: [{ ip: '1.2.3.4' }], notReadyAddresses: [{ ip: '1.2.3.4' }], ports: [{ port: 80 }] }],
  ],
};
export const nodePlaces: Places = {
  'metadata.name': ['N_', 'a.b', '1.2.3.4'],
  'spec.taints': [
    [{ key: 'a', effect: 'NoSchedule' }],
    [{ key: 'a b', effect: 'NoWay', value: 'c d' }],
    [{}],
    [
      { key: 'a', effect: 'NoSchedule' },
      { key: 'a', effect: 'NoSchedule', value: 'z' },
    ],
  ],
  'spec.podCIDRs': [
    ['x'],
    ['10.1.0.0/24', '10.2.0.0/24'],
    ['10.1.0.0/24', 'fd00::/64', 'fd01::/64'],
    ['10.1.0.1/24'],
    [],
  ],
  'spec.podCIDR': ['10.3.0.0/24', absent],
  'spec.providerID': [absent],
  'spec.unschedulable': [true],
  'spec.externalID': ['e'],
  'spec.configSource': [{}, { configMap: { namespace: 'n', name: 'x', kubeletConfigKey: 'k' } }],
  status: [
    { capacity: { cpu: '-1', memory: '1Gi' } },
    { capacity: { cpu: '2' }, addresses: [{ type: 'InternalIP', address: '1.2.3.4' }] },
  ],
  'metadata.annotations': [{ 'scheduler.alpha.kubernetes.io/preferAvoidPods': 'x' }],
};
export const nodeUpdates: Places = {
  'spec.taints': [[{ key: 'a', effect: 'NoExecute' }]],
  'spec.podCIDRs': [['10.9.0.0/24'], absent],
  'spec.podCIDR': ['10.9.0.0/24', absent],
  'spec.providerID': ['q', absent],
  'spec.unschedulable': [true],
  'metadata.labels': [{ q: 'r' }],
  status: [{ phase: 'Running' }],
};
export const nodeStatuses = [
  { status: { capacity: { cpu: '2' } } },
  { status: { capacity: { cpu: '-2' }, allocatable: { cpu: '1' } } },
  { status: { capacity: { 'a b': '1' } } },
  {
    status: {
      addresses: [
        { type: 'InternalIP', address: '1.2.3.4' },
        { type: 'InternalIP', address: '1.2.3.4' },
      ],
    },
  },
  { status: { conditions: [{ type: 'Ready', status: 'True' }] } },
  { status: { config: { assigned: {} } } },
  { spec: { unschedulable: true }, status: {} },
  { status: { capacity: { 'hugepages-2Mi': '1Gi', 'hugepages-1Gi': '1Gi' } } },
];
export const namespacePlaces: Places = {
  'metadata.name': ['X', 'a.b', 'a'.repeat(64), ''],
  'metadata.namespace': ['x'],
  spec: [
    { finalizers: ['a'] },
    { finalizers: ['a/b'] },
    { finalizers: [] },
    { finalizers: ['kubernetes', 'kubernetes'] },
  ],
  status: [{ phase: 'Terminating' }],
  'metadata.labels': [{ 'kubernetes.io/metadata.name': 'other' }],
};
export const namespaceUpdates: Places = {
  spec: [{ finalizers: ['a/b'] }, absent],
  status: [{ phase: 'Terminating' }],
  'metadata.labels': [{ 'kubernetes.io/metadata.name': 'other' }, { a: 'b' }],
};
export const namespaceStatuses = [
  { status: { phase: 'Terminating' } },
  { status: { phase: 'Nope' } },
  { status: { conditions: [{ type: 'A', status: 'True' }] } },
  { status: null },
];
export const slicePlaces: Places = {
  addressType: [absent, 'IPv6', 'FQDN', 'IPv5', ''],
  endpoints: [
    absent,
    [{}],
    [{ addresses: [] }],
    [{ addresses: ['x'] }],
    [{ addresses: ['127.0.0.1', '::1', '1.2.3.4'] }],
    [{ addresses: ['1.2.3.4'], hostname: 'H_', nodeName: 'N_', zone: 'z' }],
    [{ addresses: ['1.2.3.4'], conditions: { ready: false, serving: true, terminating: true } }],
    [{ addresses: ['1.2.3.4'], deprecatedTopology: { a: 'b' } }],
    [
      {
        addresses: ['1.2.3.4'],
        deprecatedTopology: { 'a b': 'b', 'kubernetes.io/hostname': 'n' },
        nodeName: 'n',
      },
    ],
    [
      {
        addresses: ['1.2.3.4'],
        hints: { forZones: [{ name: 'z' }, { name: 'z' }, { name: '' }, { name: 'a b' }] },
      },
    ],
    [{ addresses: ['1.2.3.4'], hints: { forNodes: [{ name: 'n' }, { name: 'N_' }] } }],
    [{ addresses: Array.from({ length: 101 }, (_, i) => `1.2.3.${i}`) }],
    [{ addresses: ['1.2.3.4'], targetRef: { kind: 'Pod', name: 'p' } }],
  ],
  ports: [
    absent,
    [],
    [{}],
    [{ port: 0 }],
    [{ port: 70000 }],
    [
      { name: 'a', port: 1 },
      { name: 'a', port: 2 },
    ],
    [{ name: 'A_', port: 1, protocol: 'X', appProtocol: 'a b' }],
    [{ name: '', port: 1, protocol: 'SCTP' }],
  ],
};
export const sliceUpdates: Places = {
  addressType: ['IPv6', absent],
  endpoints: [[{ addresses: ['1.2.3.5'] }], [{ addresses: ['x'] }]],
  ports: [[{ port: 81 }]],
};
export const leasePlaces: Places = {
  spec: [absent, {}],
  'spec.leaseDurationSeconds': [0, -1, null],
  'spec.leaseTransitions': [-1, 0],
  'spec.renewTime': [
    '2020-01-01T00:00:00Z',
    '2020-01-01T00:00:00.123456Z',
    'x',
    '2020-01-01T01:00:00.5+01:00',
    5,
  ],
  'spec.strategy': ['OldestEmulationVersion', 'Other', 'a/b', 'a b/c', ''],
  'spec.preferredHolder': ['h', ''],
  'spec.holderIdentity': [''],
};
export const eventPlaces: Places = {
  involvedObject: [absent, {}, { namespace: 'other' }, { kind: 'Node', name: 'n' }],
  type: ['', 'Other'],
  reason: ['', 'r'.repeat(129)],
  message: ['m'.repeat(1025)],
  eventTime: ['2020-01-01T00:00:00.000000Z'],
  series: [{ count: 2, lastObservedTime: '2020-01-01T00:00:00.000000Z' }],
  firstTimestamp: ['2020-01-01T00:00:00Z', 'x', '2020-01-01T00:00:00.5Z'],
  'metadata.name': ['x.123', 'X_'],
  count: ['1', -1],
  reportingComponent: ['a b'],
};
export const newEventPlaces: Places = {
  regarding: [absent, { kind: 'Node', name: 'n' }, { kind: 'Pod', namespace: 'other', name: 'p' }],
  eventTime: [absent, '2020-01-01T00:00:00Z', 'x'],
  type: [absent, '', 'Other', 'Warning'],
  action: [absent, 'a'.repeat(129)],
  reason: [absent, 'r'.repeat(129)],
  note: ['m'.repeat(1025), absent],
  reportingController: [absent, 'a b', ''],
  reportingInstance: [absent, 'r'.repeat(129)],
  series: [
    { count: 1, lastObservedTime: '2020-01-01T00:00:00.000000Z' },
    { count: 2 },
    { count: 2, lastObservedTime: '2020-01-01T00:00:00.000000Z' },
  ],
  deprecatedCount: [1],
  deprecatedFirstTimestamp: ['2020-01-01T00:00:00Z'],
  deprecatedSource: [{ component: 'c' }],
};
export const newEventUpdates: Places = {
  note: ['other'],
  type: ['Warning'],
  regarding: [{ kind: 'Node', name: 'n' }],
  series: [
    { count: 2, lastObservedTime: '2020-01-01T00:00:00.000000Z' },
    { count: 1, lastObservedTime: '2020-01-01T00:00:00.000000Z' },
  ],
  reportingController: ['d'],
};
export const eventUpdates: Places = {
  count: [2],
  message: ['other'],
  involvedObject: [{ kind: 'Pod', namespace: 'default', name: 'q' }],
};
