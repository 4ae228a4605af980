/** Devices that Pods ask for: classes, claims, templates of claims, and slices of what drivers have. */
import { absent, type Places, type Subject } from '../grammar.ts';

const group = '/apis/resource.k8s.io/v1';
const expressions = [
  'device.driver == "d"',
  'device.attributes["d.example"].model == "m"',
  'device.attributes["d.example"].size > 3',
  'device.capacity["d.example"].memory.compareTo(quantity("1Gi")) >= 0',
  'device.driver',
  'device.other == 1',
  'other == 1',
  'true',
  '1',
  '',
  '((',
  'device.attributes["d"].a',
  'cel.bind(d, device.attributes["d"], d.a && d.b)',
  'device.attributes.all(a, device.attributes.all(b, device.attributes.all(c, a + b + c == "x")))',
  'device.driver.matches("a")',
  'x'.repeat(10_241),
];
const selectors: unknown[] = [
  [{}],
  [{ cel: {} }],
  Array.from({ length: 33 }, () => ({ cel: { expression: 'true' } })),
  ...expressions.map((expression) => [{ cel: { expression } }]),
];
const opaque: unknown[] = [
  [{}],
  [{ opaque: {} }],
  [{ opaque: { driver: 'A_', parameters: { a: 1 } } }],
  [{ opaque: { driver: 'd', parameters: 'text' } }],
  [{ opaque: { driver: 'd', parameters: [] } }],
  [{ opaque: { driver: 'd', parameters: { kind: 'K', apiVersion: 'v/1', a: 1 } } }],
  [{ opaque: { driver: 'd', parameters: { a: 'x'.repeat(10_240) } } }],
  [{ opaque: { driver: 'd' } }],
];

export const deviceClass: Subject = {
  name: 'deviceclass',
  collection: `${group}/deviceclasses`,
  base: { metadata: { name: 'x' }, spec: {} },
};
export const classPlaces: Places = {
  metadata: [{ name: 'A_' }],
  spec: [absent],
  'spec.selectors': selectors,
  'spec.config': opaque,
  'spec.extendedResourceName': ['a.example/gpu', 'cpu'],
};
export const classPatches = [
  { spec: { selectors: [{ cel: { expression: 'false' } }] } },
  { metadata: { labels: { a: 'b' } } },
  { spec: { selectors: [{ cel: { expression: '1' } }] } },
];

const request = { name: 'r', exactly: { deviceClassName: 'c' } };
export const claim: Subject = {
  name: 'resourceclaim',
  collection: `${group}/namespaces/default/resourceclaims`,
  base: { metadata: { name: 'x' }, spec: { devices: { requests: [request] } } },
};
export const claimPlaces: Places = {
  metadata: [{ name: 'A_' }, { generateName: 'x-' }],
  status: [{ reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] }],
  spec: [absent, {}],
  'spec.devices': [{}, { requests: [] }],
  'spec.devices.requests': [
    [{}],
    [{ name: 'r' }],
    [{ ...request, name: 'A_' }],
    [{ ...request, firstAvailable: [{ name: 'a', deviceClassName: 'c' }] }],
    [
      {
        name: 'r',
        firstAvailable: [
          { name: 'a', deviceClassName: 'c' },
          { name: 'a', deviceClassName: '' },
        ],
      },
    ],
    [
      {
        name: 'r',
        firstAvailable: Array.from({ length: 9 }, (_, i) => ({ name: `a${i}`, deviceClassName: 'c' })),
      },
    ],
    [request, request],
    Array.from({ length: 33 }, (_, i) => ({ ...request, name: `r${i}` })),
  ],
  'spec.devices.requests.0.exactly': [
    {},
    { deviceClassName: 'A_' },
    { deviceClassName: 'c', allocationMode: 'All' },
    { deviceClassName: 'c', allocationMode: 'All', count: 1 },
    { deviceClassName: 'c', allocationMode: 'ExactCount', count: -1 },
    { deviceClassName: 'c', allocationMode: 'Some' },
    { deviceClassName: 'c', count: 3, tolerations: [{ operator: 'Exists' }] },
    { deviceClassName: 'c', adminAccess: false },
    { deviceClassName: 'c', capacity: { requests: { a: '1' } } },
  ],
  'spec.devices.requests.0.exactly.selectors': [[{}], [{ cel: { expression: 'device.driver == 1' } }]],
  'spec.devices.constraints': [
    [{}],
    [{ matchAttribute: 'a' }],
    [{ matchAttribute: 'd.example/a', requests: ['r'] }],
    [{ matchAttribute: 'd.example/a', requests: ['r', 'r', 'other', 'r/a', 'a/b/c', 'A_'] }],
    [
      { matchAttribute: '/a' },
      { matchAttribute: 'd/' },
      { matchAttribute: 'D_/1' },
      { matchAttribute: 'a/b/c' },
    ],
    [{ distinctAttribute: 'd.example/a' }],
    [{ matchAttribute: `d/${'a'.repeat(33)}` }],
  ],
  'spec.devices.config': [...opaque, [{ requests: ['other'], opaque: { driver: 'd', parameters: {} } }]],
};
export const claimPatches = [
  { spec: { devices: { requests: [{ ...request, name: 'other' }] } } },
  { metadata: { labels: { a: 'b' } } },
];
const result = { request: 'r', driver: 'd', pool: 'p', device: 'v' };
const allocation = { devices: { results: [result] } };
export const claimStatuses = [
  { status: { allocation } },
  { status: { allocation, reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] } },
  { status: { reservedFor: [{ resource: 'pods', name: 'p', uid: 'u' }] } },
  { status: { allocation, reservedFor: [{}] } },
  { status: { allocation, reservedFor: [1, 2].map(() => ({ resource: 'pods', name: 'p', uid: 'u' })) } },
  { status: { allocation: { devices: { results: [{}] } } } },
  {
    status: {
      allocation: {
        devices: { results: [{ ...result, request: 'x', driver: 'D_', pool: 'a//b', device: 'A.b' }] },
      },
    },
  },
  { status: { allocation: { devices: { config: [{}] } } } },
  {
    status: {
      allocation: {
        devices: { config: [{ source: 'Other', requests: ['y'], opaque: { driver: 'd', parameters: {} } }] },
      },
    },
  },
  {
    status: {
      allocation: { devices: { config: [{ source: 'FromClass', opaque: { driver: 'd', parameters: {} } }] } },
    },
  },
  { status: { allocation: { nodeSelector: {} } } },
  { status: { allocation, devices: [{ driver: 'd', pool: 'p', device: 'v' }] } },
  { status: { allocation, devices: [{ driver: 'd', pool: 'p', device: 'w' }] } },
  { status: { devices: [{}] } },
  {
    status: {
      allocation,
      devices: [
        {
          driver: 'd',
          pool: 'p',
          device: 'v',
          data: { a: 1 },
          networkData: {
            interfaceName: 'i'.repeat(257),
            ips: ['10.0.0.1/24', '10.0.0.1/24', '10.0.0.1', '2001:DB8::1/64'],
          },
          conditions: [{ type: 'A b', status: 'Maybe' }],
        },
      ],
    },
  },
  { metadata: { labels: { a: 'b' } } },
  { spec: null },
];

export const template: Subject = {
  name: 'resourceclaimtemplate',
  collection: `${group}/namespaces/default/resourceclaimtemplates`,
  base: { metadata: { name: 'x' }, spec: { spec: { devices: { requests: [request] } } } },
};
export const templatePlaces: Places = {
  spec: [absent, {}],
  'spec.metadata': [
    { labels: { a: 'b' }, annotations: { c: 'd' } },
    { name: 'n' },
    { labels: { 'a b': '' } },
  ],
  'spec.spec.devices.requests': [[{}], [request, request]],
};
export const templatePatches = [
  { spec: { spec: { devices: { requests: [{ ...request, name: 'other' }] } } } },
  { spec: { metadata: { labels: { a: 'b' } } } },
];

export const slice: Subject = {
  name: 'resourceslice',
  collection: `${group}/resourceslices`,
  base: {
    metadata: { name: 'x' },
    spec: {
      driver: 'd',
      nodeName: 'n',
      pool: { name: 'p', resourceSliceCount: 1 },
      devices: [{ name: 'v' }],
    },
  },
};
export const slicePlaces: Places = {
  spec: [absent, {}],
  'spec.driver': ['', 'D', 'A_', 'd'.repeat(64)],
  'spec.pool': [
    {},
    { name: 'A_', resourceSliceCount: 0, generation: -1 },
    { name: 'a/b', resourceSliceCount: 1 },
    { name: 'a//b', resourceSliceCount: 1 },
  ],
  'spec.nodeName': ['', 'A_', absent],
  'spec.allNodes': [true, false],
  'spec.nodeSelector': [
    {},
    { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'Exists' }] }] },
  ],
  'spec.perDeviceNodeSelection': [true],
  'spec.sharedCounters': [[{ name: 'c', counters: { a: { value: '1' } } }]],
  'spec.devices': [
    absent,
    [{}],
    [{ name: 'A_' }],
    [{ name: 'v' }, { name: 'v' }],
    Array.from({ length: 129 }, (_, i) => ({ name: `v${i}` })),
    [
      {
        name: 'v',
        taints: [{ key: 'a', effect: 'NoSchedule' }],
        allNodes: true,
        bindsToNode: true,
        allowMultipleAllocations: true,
      },
    ],
  ],
  'spec.devices.0.attributes': [
    { a: {} },
    { a: { int: 1, bool: true } },
    { a: { string: 's'.repeat(65) } },
    { a: { version: '1.2' } },
    { 'd.example/a': { version: '1.2.3-rc.1+b' }, b: { bool: false }, c: { int: -5 } },
    { 'a b': { int: 1 } },
    { 'D_/a': { int: 1 } },
    { '/a': { int: 1 } },
    { 'd/': { int: 1 } },
    { ['k'.repeat(100)]: { int: 1 } },
    Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`a${i}`, { int: i }])),
  ],
  'spec.devices.0.capacity': [
    { memory: { value: '1Gi' } },
    { 'a-b': { value: '1' } },
    { memory: {} },
    { memory: { value: '1', requestPolicy: { default: '1' } } },
  ],
};
export const slicePatches = [
  { spec: { driver: 'e' } },
  { spec: { nodeName: 'm' } },
  { spec: { nodeName: null, allNodes: true } },
  { spec: { pool: { name: 'q' } } },
  { spec: { pool: { generation: 2 } } },
  { spec: { devices: [{ name: 'w' }] } },
];
