/** Addresses of Services, and the blocks that they come from. */
import { absent, type Places, type Subject } from '../grammar.ts';

const group = '/apis/networking.k8s.io/v1';

export const address: Subject = {
  name: 'ipaddress',
  collection: `${group}/ipaddresses`,
  base: {
    metadata: { name: '192.0.2.7' },
    spec: { parentRef: { resource: 'services', name: 's', namespace: 'default' } },
  },
};
export const addressPlaces: Places = {
  metadata: [
    '192.0.2.08',
    '192.0.2',
    'a',
    '::ffff:1.2.3.4',
    '2001:db8::1',
    '2001:DB8::1',
    '2001:db8:0::1',
    '2001:0db8::1',
    '1.2.3.4/24',
  ].map((name) => ({ name })),
  spec: [absent, {}],
  'spec.parentRef': [
    {},
    { resource: 'a/b', name: '..', namespace: 'a%b', group: 'A_' },
    { group: 'example.com', resource: 'things', name: 'x' },
  ],
};
export const addressPatches = [
  { spec: { parentRef: { name: 'other' } } },
  { spec: { parentRef: null } },
  { metadata: { labels: { a: 'b' } } },
];

export const block: Subject = {
  name: 'servicecidr',
  collection: `${group}/servicecidrs`,
  base: { metadata: { name: 'x' }, spec: { cidrs: ['192.0.2.0/24'] } },
};
export const blockPlaces: Places = {
  metadata: [{ name: 'A_' }],
  spec: [absent, {}],
  'spec.cidrs': [
    [],
    [''],
    ['10.0.0.1/24'],
    ['010.0.0.0/24'],
    ['10.0.0.0/024'],
    ['10.0.0.0/33'],
    ['10.0.0.0'],
    ['2001:db8::/64'],
    ['2001:DB8::/64'],
    ['::ffff:10.0.0.0/120'],
    ['10.0.0.0/24', '10.0.1.0/24'],
    ['10.0.0.0/24', '2001:db8::/64'],
    ['10.0.0.0/24', '10.0.0.1/24'],
    ['10.0.0.0/24', 'x'],
    ['10.0.0.0/24', '10.0.1.0/24', '10.0.2.0/24'],
  ],
  status: [
    {
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: 'R',
          message: '',
          lastTransitionTime: '2025-02-03T00:00:00Z',
        },
      ],
    },
  ],
};
export const blockPatches = [
  { spec: { cidrs: ['192.0.3.0/24'] } },
  { spec: { cidrs: ['192.0.2.0/24', '2001:db8::/64'] } },
  { spec: { cidrs: ['192.0.3.0/24', '2001:db8::/64'] } },
  { spec: { cidrs: ['192.0.2.0/24', '192.0.3.0/24'] } },
  { spec: { cidrs: [] } },
  { metadata: { labels: { a: 'b' } } },
];
export const blockStatuses = [
  {
    status: {
      conditions: [
        {
          type: 'Ready',
          status: 'True',
          reason: '',
          message: 'm',
          lastTransitionTime: '2025-02-03T00:00:00Z',
        },
      ],
    },
  },
  { spec: { cidrs: ['192.0.3.0/24'] } },
  { metadata: { labels: { a: 'b' } } },
];
