import { absent, type Places, type Subject } from '../grammar.ts';

/** A definition with one of everything that its validation looks at. */
export const definition: Subject = {
  name: 'definition',
  collection: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  base: {
    metadata: { name: 'gadgets.diff.example.com' },
    spec: {
      group: 'diff.example.com',
      scope: 'Namespaced',
      names: { plural: 'gadgets', kind: 'Gadget' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: { type: 'object', properties: { a: { type: 'string' }, b: { type: 'integer' } } },
                status: { type: 'object' },
              },
            },
          },
        },
      ],
    },
  },
};

const version = (name: string, more: object = {}) => ({
  name,
  served: true,
  storage: false,
  schema: { openAPIV3Schema: { type: 'object' } },
  ...more,
});
const stored = (more: object = {}) => version('v1', { storage: true, ...more });
const webhook = (clientConfig: unknown, conversionReviewVersions: unknown = ['v1']) => ({
  strategy: 'Webhook',
  webhook: { clientConfig, conversionReviewVersions },
});
const service = { name: 's', namespace: 'n' };

export const definitionPlaces: Places = {
  'metadata.name': ['other.diff.example.com', 'X'],
  'metadata.finalizers': [['plain'], ['a/b']],
  'spec.group': ['', 'nodots', 'Bad.example.com', 'x.k8s.io', absent],
  'spec.scope': ['', 'Other', absent],
  spec: [absent, {}],
  'spec.preserveUnknownFields': [true, false],
  'spec.names.plural': ['', 'Gadgets', 'ga.dgets', absent],
  'spec.names.singular': ['Gadget', 'gadget'],
  'spec.names.kind': ['', 'gad get', 'gadget', absent],
  'spec.names.listKind': ['Gadget', 'L_', 'GadgetList'],
  'spec.names.shortNames': [['gd', 'G'], ['gd']],
  'spec.names.categories': [['all', 'A']],
  'spec.versions': [
    absent,
    [],
    [version('v1')],
    [stored(), version('v2', { storage: true })],
    [stored(), version('v1')],
    [stored(), version('v2', { served: false })],
    [stored(), version('V2')],
    [stored({ schema: absent })],
    [stored({ schema: {} })],
    [stored(), { name: 'v2', served: true, storage: false }],
    [stored({ deprecationWarning: 'x' })],
    [stored({ deprecated: true, deprecationWarning: '' })],
    [stored({ deprecated: true, deprecationWarning: 'x'.repeat(257) })],
    [stored({ deprecated: true, deprecationWarning: 'a\u0007b' })],
    [stored({ deprecated: true, deprecationWarning: 'fine' })],
  ],
  'spec.versions.0.subresources': [
    {},
    { status: {} },
    { scale: {} },
    { scale: { specReplicasPath: 'spec.a', statusReplicasPath: '.status.a' } },
    { scale: { specReplicasPath: '.status.a', statusReplicasPath: '.spec.a' } },
    { scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a', labelSelectorPath: '.other' } },
    { scale: { specReplicasPath: '.spec.a', statusReplicasPath: '.status.a', labelSelectorPath: '.spec.b' } },
  ],
  'spec.versions.0.additionalPrinterColumns': [
    [{ name: 'A', type: 'string', jsonPath: '.spec.a' }],
    [{}],
    [{ name: 'A', type: 'text', jsonPath: 'spec.a', format: 'x' }],
  ],
  'spec.versions.0.selectableFields': [
    [{ jsonPath: '.spec.a' }],
    [{ jsonPath: '.spec.a' }, { jsonPath: '.spec.a' }],
    [{ jsonPath: '' }],
    [{ jsonPath: '.spec' }],
    [{ jsonPath: '.spec.nothing' }],
    [{ jsonPath: 'spec.a' }],
    [{ jsonPath: '.metadata.name' }],
    [{ jsonPath: ".spec['a']" }],
  ],
  'spec.conversion': [
    {},
    { strategy: 'None' },
    { strategy: 'Other' },
    { strategy: 'None', webhook: { conversionReviewVersions: ['v1'] } },
    { strategy: 'Webhook' },
    webhook(undefined),
    webhook({}),
    webhook({ url: 'https://a/b' }),
    webhook({ url: 'http://a' }),
    webhook({ url: 'https://u@h/?q#f' }),
    webhook({ url: 'https:///x' }),
    webhook({ url: 'https://a', service }),
    webhook({ service }),
    webhook({ service: { ...service, port: 0, path: 'x' } }),
    webhook({ service: { ...service, path: '/a//b' } }),
    webhook({ service: { name: '', namespace: '' } }),
    webhook({ url: 'https://a/b' }, []),
    webhook({ url: 'https://a/b' }, ['v2', 'v2', 'V']),
  ],
};

const schema = 'spec.versions.0.schema.openAPIV3Schema';
const at = (path: string) => `${schema}.${path}`;
const object = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more });
const list = (items: object, more: object = {}) => ({ type: 'array', items, ...more });
const map = (items: object, keys: string[] = ['k']) =>
  list(items, { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys });
const keyed = object({ k: { type: 'string' } }, { required: ['k'] });
const preserve = { 'x-kubernetes-preserve-unknown-fields': true };
const either = { 'x-kubernetes-int-or-string': true };
const embedded = { type: 'object', 'x-kubernetes-embedded-resource': true };

export const schemaPlaces: Places = {
  [schema]: [{}, { type: 'string' }, { type: 'object', ...preserve }, { type: 'object', nullable: true }],
  [at('additionalProperties')]: [true, { type: 'string' }],
  [at('properties.metadata')]: [
    { type: 'object' },
    { type: 'string' },
    object({ name: { type: 'string', pattern: '^a' } }),
    object({ labels: { type: 'object' } }),
    object({ name: { type: 'string', default: 'x' } }),
  ],
  [at('properties.kind')]: [{ type: 'string' }, { type: 'integer' }],
  [at('properties.apiVersion')]: [{ type: 'object' }],
  [at('properties.spec.properties.x')]: [
    {},
    preserve,
    either,
    { ...either, type: 'string' },
    { ...either, ...preserve },
    { ...either, anyOf: [{ type: 'integer' }, { type: 'string' }] },
    { ...either, allOf: [{ anyOf: [{ type: 'integer' }, { type: 'string' }] }, { pattern: 'a' }] },
    { anyOf: [{ type: 'integer' }, { type: 'string' }] },
    { 'x-kubernetes-preserve-unknown-fields': false, type: 'object' },
    embedded,
    { ...embedded, ...preserve },
    { ...embedded, type: 'string' },
    { 'x-kubernetes-embedded-resource': true, ...preserve },
    { ...embedded, properties: { a: { type: 'string' } } },
    { type: 'text' },
    { type: 'null' },
    { type: 'array' },
    { type: 'array', items: [{ type: 'string' }] },
    list({}),
    list({ type: 'string' }, { uniqueItems: true }),
    list({ type: 'string' }, { 'x-kubernetes-list-type': 'set' }),
    list({ type: 'object' }, { 'x-kubernetes-list-type': 'set' }),
    list({ type: 'object', 'x-kubernetes-map-type': 'atomic' }, { 'x-kubernetes-list-type': 'set' }),
    list({ type: 'string', nullable: true }, { 'x-kubernetes-list-type': 'set' }),
    list({ type: 'string' }, { 'x-kubernetes-list-type': 'other' }),
    list({ type: 'string' }, { 'x-kubernetes-list-map-keys': ['k'] }),
    { type: 'string', 'x-kubernetes-list-type': 'set' },
    { 'x-kubernetes-list-type': 'set' },
    map(keyed),
    map(keyed, []),
    map(keyed, ['k', 'k']),
    map(keyed, ['other']),
    map({ type: 'string' }),
    map(object({ k: { type: 'string' } })),
    map(object({ k: { type: 'string', default: 'd' } })),
    map(object({ k: { type: 'object' } }, { required: ['k'] })),
    map(object({ k: { type: 'string', nullable: true } }, { required: ['k'], nullable: true })),
    { type: 'object', 'x-kubernetes-map-type': 'granular' },
    { type: 'object', 'x-kubernetes-map-type': 'x' },
    { type: 'string', 'x-kubernetes-map-type': 'atomic' },
    { type: 'object', additionalProperties: true },
    { type: 'object', additionalProperties: false },
    { type: 'object', additionalProperties: { type: 'integer', default: 1 } },
    { type: 'object', additionalProperties: { type: 'string' }, properties: { a: { type: 'string' } } },
    { type: 'string', pattern: '(' },
    { type: 'string', pattern: '(?=a)' },
    { type: 'string', pattern: '^a+$' },
    { type: 'string', format: 'strange' },
    { type: 'string', format: 'date-time' },
    { type: 'string', $ref: '#/a' },
    { type: 'string', id: 'x' },
    { type: 'object', patternProperties: { a: { type: 'string' } } },
    { type: 'object', definitions: { a: { type: 'string' } } },
    { type: 'object', dependencies: { a: ['b'] } },
    { type: 'array', items: { type: 'string' }, additionalItems: true },
    object({ a: { type: 'string' } }, { allOf: [{ properties: { a: { minLength: 1 } } }] }),
    object({ a: { type: 'string' } }, { anyOf: [{ required: ['a'] }] }),
    object({ a: { type: 'string' } }, { oneOf: [{ type: 'object' }] }),
    object({}, { not: { properties: { b: { type: 'string', default: 'x' } } } }),
    object({}, { allOf: [{ description: 'x', title: 'y', nullable: true, additionalProperties: true }] }),
    object({}, { anyOf: [{ properties: { metadata: {} } }] }),
    { type: 'string', default: 'x' },
    { type: 'string', default: 1 },
    { type: 'integer', default: 5, maximum: 3 },
    { type: 'string', default: null },
    object({ a: { type: 'string' } }, { default: { a: 'x' } }),
    object({ a: { type: 'string' } }, { default: { b: 'x' } }),
    object({ a: { type: 'string', enum: ['x'] } }, { default: { a: 'y' } }),
    { ...embedded, ...preserve, default: {} },
    { ...embedded, ...preserve, default: { apiVersion: 'v1', kind: 'X', metadata: { name: 'a' } } },
    { type: 'string', enum: [] },
    { type: 'string', nullable: true },
    { type: 'string', example: 'x', externalDocs: { url: 'u' }, title: 't', description: 'd' },
    { type: 'string', maxLength: -1 },
    { type: 1 },
    'text',
  ],
  [at('anyOf')]: [
    [{ required: ['spec'] }],
    [{ properties: { other: { type: 'string' } } }],
    [{ properties: { other: {} } }],
  ],
  [at('x-kubernetes-validations')]: [
    [{}],
    [{ rule: ' ' }],
    [{ rule: 'true', message: ' ' }],
    [{ rule: 'true', message: 'a\nb' }],
    [{ rule: 'true &&\ntrue' }],
    [{ rule: 'true', messageExpression: ' ' }],
    [{ rule: 'true', reason: 'Other' }],
    [{ rule: 'true', fieldPath: '.spec.nothing' }],
    [{ rule: 'true', fieldPath: 'spec' }],
    [{ rule: 'true', fieldPath: '.spec.a' }],
  ],
};

/** What may be changed of a definition that is there. */
export const definitionPatches = [
  { spec: { group: 'other.example.com' } },
  { spec: { scope: 'Cluster' } },
  { spec: { names: { kind: 'Other' } } },
  { spec: { names: { plural: 'others' } } },
  { spec: { names: { shortNames: ['x'] } } },
  { spec: { versions: [version('v2', { storage: true })] } },
  { spec: { versions: [stored(), version('v2')] } },
  { spec: { versions: [version('v1'), version('v2', { storage: true })] } },
  { metadata: { labels: { a: 'b' } } },
  { status: { storedVersions: ['v9'] } },
  {},
];

export const definitionStatuses = [
  { status: { storedVersions: ['v1'] } },
  { status: { acceptedNames: { plural: 'X', kind: '' } } },
  { spec: { group: 'other.example.com' } },
];
