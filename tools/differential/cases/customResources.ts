import type { Request } from '../case.ts';
import { absent, type Places, type Subject } from '../grammar.ts';
import { governedDefinition } from './rules.ts';

const nested = { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer', default: 2 } } };
const keyed = {
  type: 'object',
  required: ['port'],
  properties: {
    port: { type: 'integer' },
    proto: { type: 'string', default: 'TCP' },
    name: { type: 'string' },
  },
};

const properties = {
  size: { type: 'integer', minimum: 1, maximum: 10, multipleOf: 2 },
  ratio: { type: 'number', minimum: 0.5, exclusiveMinimum: true, maximum: 1.5, exclusiveMaximum: true },
  name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5, minLength: 2 },
  color: { type: 'string', enum: ['red', 'green'], default: 'red' },
  grade: { type: 'integer', enum: [1, 2] },
  on: { type: 'boolean' },
  maybe: { type: 'string', nullable: true },
  withDefault: { type: 'string', default: 'd' },
  any: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true, properties: { known: nested } },
  raw: { 'x-kubernetes-preserve-unknown-fields': true },
  either: { 'x-kubernetes-int-or-string': true },
  nested,
  list: { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, maxItems: 2 },
  set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
  ports: {
    type: 'array',
    items: keyed,
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['port', 'proto'],
  },
  named: {
    type: 'array',
    items: { type: 'object', required: ['n'], properties: { n: { type: 'string' }, v: nested } },
    'x-kubernetes-list-type': 'map',
    'x-kubernetes-list-map-keys': ['n'],
  },
  map: {
    type: 'object',
    additionalProperties: { type: 'integer', maximum: 5 },
    maxProperties: 2,
    minProperties: 1,
  },
  open: { type: 'object', additionalProperties: true },
  closed: { type: 'object', additionalProperties: false },
  template: {
    type: 'object',
    'x-kubernetes-embedded-resource': true,
    'x-kubernetes-preserve-unknown-fields': true,
  },
  strict: { type: 'object', 'x-kubernetes-embedded-resource': true, properties: { spec: nested } },
  one: {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    oneOf: [{ required: ['a'] }, { required: ['b'] }],
  },
  some: {
    type: 'object',
    properties: { a: { type: 'string' }, b: { type: 'string' } },
    anyOf: [{ required: ['a'] }, { required: ['b'] }],
  },
  both: { type: 'integer', allOf: [{ minimum: 2 }, { maximum: 4 }] },
  never: { type: 'string', not: { enum: ['bad'] } },
  ...Object.fromEntries(
    [
      'date',
      'date-time',
      'duration',
      'uuid',
      'email',
      'uri',
      'hostname',
      'ipv4',
      'ipv6',
      'cidr',
      'mac',
      'byte',
      'hexcolor',
      'k8s-short-name',
      'isbn',
      'creditcard',
      'ssn',
      'rgbcolor',
      'strange',
      'bsonobjectid',
      'password',
    ].map((format) => [`f-${format}`, { type: 'string', format }]),
  ),
};

const specSchema = { type: 'object', required: ['size'], properties };
const statusSchema = {
  type: 'object',
  properties: {
    replicas: { type: 'integer', maximum: 9 },
    selector: { type: 'string' },
    phase: { type: 'string', enum: ['A', 'B'] },
  },
};
const schema = {
  openAPIV3Schema: { type: 'object', properties: { spec: specSchema, status: statusSchema } },
};

const definition = (plural: string, kind: string, spec: object): Request => ({
  line: 'POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  body: {
    metadata: { name: `${plural}.cases.example.com` },
    spec: { group: 'cases.example.com', scope: 'Namespaced', names: { plural, kind }, ...spec },
  },
});

const columns = [
  { name: 'Size', type: 'integer', jsonPath: '.spec.size' },
  { name: 'Color', type: 'string', jsonPath: '.spec.color', description: 'Its color.' },
  { name: 'On', type: 'boolean', jsonPath: '.spec.on' },
  { name: 'Ratio', type: 'number', jsonPath: '.spec.ratio' },
  { name: 'Nested', type: 'string', jsonPath: '.spec.nested', priority: 1 },
  { name: 'Items', type: 'string', jsonPath: '.spec.list[*]' },
  { name: 'First', type: 'string', jsonPath: '.spec.named[?(@.n=="a")].v.b' },
  { name: 'Born', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  { name: 'When', type: 'date', jsonPath: '.spec.name' },
];

const selectableFields = [{ jsonPath: '.spec.color' }, { jsonPath: '.spec.size' }];

/** Definitions that are there before the first case. */
export const standing: Request[] = [
  definition('widgets', 'Widget', {
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema,
        subresources: {
          status: {},
          scale: {
            specReplicasPath: '.spec.size',
            statusReplicasPath: '.status.replicas',
            labelSelectorPath: '.status.selector',
          },
        },
        additionalPrinterColumns: columns,
        selectableFields,
      },
      { name: 'v1beta1', served: true, storage: false, deprecated: true, schema, selectableFields },
    ],
  }),
  definition('ruleds', 'Ruled', {
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        subresources: { status: {} },
        schema: {
          openAPIV3Schema: {
            type: 'object',
            'x-kubernetes-validations': [
              { rule: "self.metadata.name.startsWith('x')", message: 'names begin with x' },
            ],
            properties: {
              spec: {
                type: 'object',
                required: ['min', 'max'],
                'x-kubernetes-validations': [
                  {
                    rule: 'self.min <= self.max',
                    messageExpression: "'%d is more than %d'.format([self.min, self.max])",
                    reason: 'FieldValueForbidden',
                    fieldPath: '.min',
                  },
                  { rule: 'self.max >= oldSelf.max', message: 'max only grows' },
                  {
                    rule: '!has(self.name) || self.name == "a" || oldSelf.hasValue()',
                    optionalOldSelf: true,
                  },
                ],
                properties: {
                  min: { type: 'integer' },
                  max: { type: 'integer', maximum: 100 },
                  name: { type: 'string', 'x-kubernetes-validations': [{ rule: "self != 'bad'" }] },
                  items: {
                    type: 'array',
                    maxItems: 10,
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['k'],
                    items: {
                      type: 'object',
                      required: ['k'],
                      properties: {
                        k: { type: 'string' },
                        v: {
                          type: 'integer',
                          'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'v stays' }],
                        },
                      },
                    },
                  },
                  duration: {
                    type: 'string',
                    format: 'duration',
                    'x-kubernetes-validations': [{ rule: "self < duration('1h')" }],
                  },
                },
              },
              status: {
                type: 'object',
                properties: { n: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 0' }] } },
              },
            },
          },
        },
      },
    ],
  }),
  definition('plains', 'Plain', {
    scope: 'Cluster',
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  }),
  governedDefinition,
];

const group = '/apis/cases.example.com/v1';

export const widget: Subject = {
  name: 'widget',
  collection: `${group}/namespaces/default/widgets`,
  base: { apiVersion: 'cases.example.com/v1', kind: 'Widget', metadata: { name: 'x' }, spec: { size: 2 } },
};
export const ruled: Subject = {
  name: 'ruled',
  collection: `${group}/namespaces/default/ruleds`,
  base: {
    apiVersion: 'cases.example.com/v1',
    kind: 'Ruled',
    metadata: { name: 'x' },
    spec: { min: 1, max: 2, items: [{ k: 'a', v: 1 }] },
  },
};

export const ruledPlaces: Places = {
  'metadata.name': ['xa', 'a'],
  'spec.min': [0, 3, 'x'],
  'spec.max': [101, 50],
  'spec.name': ['bad', 'a', 'b'],
  'spec.duration': ['5m', '2h', 'x'],
  status: [{ n: 0 }],
};

export const ruledPatches = [
  { spec: { max: 1 } },
  { spec: { max: 5 } },
  { spec: { name: 'b' } },
  { spec: { min: 9 } },
  { spec: { items: [{ k: 'a', v: 2 }] } },
  { spec: { items: [{ k: 'b', v: 2 }] } },
  {
    spec: {
      items: [
        { k: 'a', v: 1 },
        { k: 'b', v: 2 },
      ],
    },
  },
];

export const plain: Subject = {
  name: 'plain',
  collection: `${group}/plains`,
  base: { apiVersion: 'cases.example.com/v1', kind: 'Plain', metadata: { name: 'x' }, a: { z: 1, b: [1] } },
};

const at = (path: string) => `spec.${path}`;
const formats: Places = Object.fromEntries(
  Object.entries({
    date: ['2024-02-29', '2023-02-29', 'x'],
    'date-time': [
      '2024-01-01T00:00:00Z',
      '2024-01-01t00:00:00.5+01:00',
      '2024-01-01 00:00:00Z',
      '2024-01-01T25:00:00Z',
    ],
    duration: ['1h', '22 ns', '1h30m', 'x', '5 days', ''],
    uuid: ['6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'x'],
    email: ['a@b', 'A <a@b.c>', 'a', 'a@'],
    uri: ['https://a/b', '/a', 'a', 'mailto:x', ''],
    hostname: ['a.example.com', 'a_b', '-a', 'localhost', '1.2.3.4'],
    ipv4: ['1.2.3.4', '01.2.3.4', '1.2.3', '::1'],
    ipv6: ['::1', '1.2.3.4', 'g::'],
    cidr: ['10.0.0.0/8', '10.0.0.0/33', '::/0'],
    mac: ['01:23:45:67:89:ab', '0123.4567.89ab', 'x'],
    byte: ['YQ==', 'YQ', ''],
    hexcolor: ['#fff', 'fffff'],
    'k8s-short-name': ['a-b', 'A', 'a.b'],
    isbn: ['0321751043', '978-0321751041', '1'],
    creditcard: ['4111-1111-1111-1111', '4111111111111112'],
    ssn: ['111-11-1111', '111111111'],
    rgbcolor: ['rgb(1,2,3)', 'rgb(1,2,300)'],
    strange: ['x'],
    bsonobjectid: ['507f1f77bcf86cd799439011', 'x'],
    password: ['x'],
  }).map(([format, values]) => [at(`f-${format}`), [...values, 5]]),
);

export const widgetPlaces: Places = {
  spec: [absent, null, [], 'x', {}],
  unknown: [1, { a: 1 }],
  kind: ['Other', absent],
  apiVersion: ['cases.example.com/v2', 'v1', absent],
  'metadata.labels': [{ a: 1 }, { 'a b': 'c' }],
  'metadata.finalizers': [['plain'], ['a.b'], ['a/b'], ['A b']],
  'metadata.unknown': [1],
  'metadata.ownerReferences': [[{}]],
  'metadata.name': ['X', absent],
  status: [{ phase: 'A' }, { phase: 'C' }],
  [at('size')]: [absent, null, 0, 3, 4, 12, 2.5, '2', true, 9007199254740991],
  [at('ratio')]: [0.5, 1, 1.2, 1.5, 'x'],
  [at('name')]: ['abc', 'a', 'abcdef', 'A1', '', 5],
  [at('color')]: [null, 'green', 'blue', 1],
  [at('grade')]: [1, 3, '1'],
  [at('on')]: [true, 'true', 0],
  [at('maybe')]: [null, 'x', 1],
  [at('withDefault')]: [null, '', 'x'],
  [at('any')]: [{ x: { y: null } }, { known: { a: 'b', zzz: 1 } }, 'x', []],
  [at('raw')]: [1, 'x', null, { a: null }, [1, { b: 1 }]],
  [at('either')]: [1, 'a', 1.5, true, null],
  [at('nested')]: [{}, { a: 1 }, { zzz: 1 }, null, { a: null, b: null }],
  [at('list')]: [[], ['a'], ['a', 'b', 'c'], [''], [null], 'x', {}],
  [at('set')]: [
    ['a', 'b'],
    ['a', 'a'],
    ['a', 'a', 'a'],
  ],
  [at('ports')]: [
    [{ port: 1 }, { port: 1 }],
    [{ port: 1 }, { port: 1, proto: 'UDP' }],
    [{ name: 'x' }],
    ['x'],
    [{ port: 1, zzz: 1 }],
  ],
  [at('named')]: [[{ n: 'a' }, { n: 'a' }], [{ n: 'a', v: {} }], [{}, {}]],
  [at('map')]: [{ a: 1 }, { a: 6 }, {}, { a: 1, b: 2, c: 3 }, { a: null }, { a: 'x' }],
  [at('open')]: [{ a: 1, b: { c: 1 } }],
  [at('closed')]: [{}, { a: 1 }],
  [at('template')]: [
    {},
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', labels: { a: 'b' }, zzz: 1 }, spec: { x: 1 } },
    { apiVersion: 'a/b/c', kind: 'K' },
    { apiVersion: '', kind: '' },
    { apiVersion: 'v1', kind: 'k_' },
    { apiVersion: 1, kind: 'K' },
    { apiVersion: 'v1', kind: 'K', metadata: { name: 'a b', labels: { 'a b': 'c' } } },
    { apiVersion: 'v1', kind: 'K', metadata: { labels: 1 } },
    { apiVersion: 'v1', kind: 'K', metadata: 'x' },
  ],
  [at('strict')]: [{ apiVersion: 'v1', kind: 'K', spec: { a: 'b', zzz: 1 }, other: 1 }],
  [at('one')]: [{ a: 'x' }, {}, { a: 'x', b: 'y' }],
  [at('some')]: [{ a: 'x' }, {}],
  [at('both')]: [1, 3, 5],
  [at('never')]: ['bad', 'good'],
  ...formats,
};

export const plainPlaces: Places = {
  a: [absent, null, 'x', { b: null }],
  'metadata.namespace': ['default'],
  status: [{ a: 1 }],
};

export const widgetPatches = [
  {},
  { spec: { size: 4 } },
  { spec: { size: 11 } },
  { spec: { zzz: 1 } },
  { spec: { color: null } },
  { status: { phase: 'A' } },
  { metadata: { labels: { a: 'b' } } },
  { metadata: { resourceVersion: '1' } },
  { metadata: { name: 'other' } },
  { kind: 'Other' },
  { apiVersion: 'cases.example.com/v1beta1' },
];

export const widgetStatuses = [
  { status: { phase: 'A' } },
  { status: { phase: 'C' } },
  { status: { replicas: 10 } },
  { status: { replicas: -1 } },
  { status: { replicas: 'x' } },
  { status: { selector: 1 } },
  { status: null },
  { spec: { size: 4 }, metadata: { labels: { a: 'b' } } },
];

export const scalePatches = [
  { spec: { replicas: 4 } },
  { spec: { replicas: 12 } },
  { spec: { replicas: -1 } },
  { spec: { replicas: 'x' } },
  {},
];

const one = `${widget.collection}/x`;
export const widgetRequests: Request[] = [
  { line: `GET ${one}/scale` },
  { line: `GET ${one}/status` },
  { line: `GET ${one}/other` },
  { line: `GET ${one.replace('/v1/', '/v1beta1/')}` },
  { line: `GET ${one.replace('/v1/', '/v2/')}` },
  { line: `GET ${widget.collection}?fieldSelector=spec.color%3Dred` },
  { line: `GET ${widget.collection}?fieldSelector=spec.size%3D2` },
  { line: `GET ${widget.collection}?fieldSelector=spec.name%3Dred` },
  { line: `GET ${widget.collection}`, accept: 'application/vnd.kubernetes.protobuf' },
  { line: `GET ${one}`, accept: 'application/vnd.kubernetes.protobuf' },
  { line: `GET ${one}`, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  { line: `GET ${widget.collection}`, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  {
    line: `GET ${widget.collection}`,
    accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  },
  { line: `PATCH ${one}`, type: 'application/strategic-merge-patch+json', body: { spec: { size: 4 } } },
  {
    line: `PATCH ${one}`,
    type: 'application/json-patch+json',
    body: [{ op: 'replace', path: '/spec/size', value: 4 }],
  },
  {
    line: `PATCH ${one}`,
    type: 'application/json-patch+json',
    body: [{ op: 'test', path: '/spec/size', value: 4 }],
  },
  { line: `PATCH ${one}?fieldValidation=Strict`, body: { spec: { zzz: 1 } } },
  {
    line: `POST ${widget.collection}?fieldValidation=Strict`,
    body: {
      ...widget.base,
      metadata: { name: 'y', zzz: 1 },
      spec: { size: 2, zzz: 1, nested: { q: 1 } },
      other: 1,
    },
  },
  {
    line: `POST ${widget.collection}?fieldValidation=Strict`,
    body: '{"apiVersion":"cases.example.com/v1","kind":"Widget","metadata":{"name":"y"},"spec":{"size":2,"size":4}}',
  },
  {
    line: `POST ${widget.collection}?fieldValidation=Ignore`,
    body: { ...widget.base, metadata: { name: 'y' }, spec: { size: 2, zzz: 1 } },
  },
  { line: `POST ${widget.collection}`, body: '[]' },
  { line: `POST ${widget.collection}`, body: '{' },
  { line: `POST ${widget.collection}?dryRun=All`, body: { ...widget.base, metadata: { name: 'y' } } },
  { line: `PUT ${one}`, body: { ...widget.base, spec: { size: 4 } } },
  { line: `PUT ${one}`, body: { ...widget.base, metadata: { name: 'x', resourceVersion: '1' } } },
  { line: `PUT ${one}/status`, body: { ...widget.base, metadata: { name: 'x' }, status: { phase: 'A' } } },
  {
    line: `PATCH ${one}?fieldManager=m&force=false`,
    type: 'application/apply-patch+yaml',
    body: { ...widget.base, spec: { size: 4 } },
  },
  {
    line: `PATCH ${one}?fieldManager=m&force=true`,
    type: 'application/apply-patch+yaml',
    body: { ...widget.base, spec: { size: 4, ports: [{ port: 1 }] } },
  },
  {
    line: `PATCH ${one}?fieldManager=m`,
    type: 'application/apply-patch+yaml',
    body: { ...widget.base, spec: { zzz: 1 } },
  },
  {
    line: `PATCH ${one}?fieldManager=m`,
    type: 'application/apply-patch+yaml',
    body: { ...widget.base, spec: { size: 2, ports: [{ port: 1 }, { port: 1 }] } },
  },
  { line: `DELETE ${one}` },
  { line: `DELETE ${one}?propagationPolicy=Foreground` },
  { line: `DELETE ${widget.collection}` },
  { line: 'GET /apis/cases.example.com' },
  { line: 'GET /apis/cases.example.com/v1' },
  { line: 'GET /apis/cases.example.com/v1beta1' },
  { line: 'GET /apis/cases.example.com/v2' },
  { line: 'GET /apis/cases.example.com/v1/nothing' },
  { line: 'GET /apis/cases.example.com/v1/widgets?limit=1' },
  { line: 'GET /apis/cases.example.com/v1/plains' },
  { line: 'GET /apis/cases.example.com/v1/namespaces/default/plains' },
];
