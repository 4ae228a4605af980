import type { Case, Request } from '../case.ts';
import { creates, type Places, patches, requests, type Subject, updates } from '../grammar.ts';

const rule = (text: string, more: object = {}) => ({ 'x-kubernetes-validations': [{ rule: text, ...more }] });

const spec = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer', ...rule('self % 2 == 0', { message: 'must be even' }) },
    max: { type: 'integer', default: 10 },
    name: {
      type: 'string',
      maxLength: 20,
      ...rule('self == oldSelf', { message: 'is immutable', reason: 'FieldValueForbidden' }),
    },
    when: { type: 'string', format: 'date-time', ...rule("self > timestamp('2020-01-01T00:00:00Z')") },
    wait: { type: 'string', format: 'duration', ...rule("self <= duration('1h')", { fieldPath: '' }) },
    either: {
      'x-kubernetes-int-or-string': true,
      ...rule("type(self) == int ? self > 0 : self.endsWith('%')"),
    },
    'a.b-c': { type: 'string', ...rule('self.size() < 4') },
    labels: {
      type: 'object',
      maxProperties: 5,
      additionalProperties: { type: 'string', maxLength: 10, ...rule("self != 'bad'") },
      ...rule("self.all(k, k.startsWith('x'))", {
        messageExpression: "size(self) > 1 ? 'keys' : 'key'",
      }),
    },
    ports: {
      type: 'array',
      maxItems: 5,
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['port'],
      items: {
        type: 'object',
        required: ['port'],
        properties: {
          port: { type: 'integer' },
          name: { type: 'string', maxLength: 9, ...rule('self == oldSelf') },
        },
      },
    },
    once: {
      type: 'string',
      maxLength: 9,
      ...rule('!oldSelf.hasValue() || oldSelf.value() == self', { optionalOldSelf: true }),
    },
  },
  'x-kubernetes-validations': [
    {
      rule: 'self.size <= self.max',
      messageExpression: "self.max == 10 ? 'at most ten' : 'too large'",
      fieldPath: '.size',
    },
    { rule: 'has(self.name) || !has(oldSelf.name)', message: 'name must stay' },
    { rule: "!has(self.a__dot__b__dash__c) || self.a__dot__b__dash__c != 'no'", reason: 'FieldValueInvalid' },
  ],
};

export const governedDefinition: Request = {
  line: 'POST /apis/apiextensions.k8s.io/v1/customresourcedefinitions',
  body: {
    metadata: { name: 'governeds.cases.example.com' },
    spec: {
      group: 'cases.example.com',
      scope: 'Namespaced',
      names: { plural: 'governeds', kind: 'Governed' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec,
                status: {
                  type: 'object',
                  properties: { size: { type: 'integer' } },
                  ...rule('self.size >= oldSelf.size'),
                },
              },
              ...rule("self.metadata.name != 'forbidden'", { message: 'bad name' }),
            },
          },
          subresources: { status: {} },
        },
      ],
    },
  },
};

const governed: Subject = {
  name: 'governed',
  collection: '/apis/cases.example.com/v1/namespaces/default/governeds',
  base: {
    apiVersion: 'cases.example.com/v1',
    kind: 'Governed',
    metadata: { name: 'x' },
    spec: { size: 2, name: 'n', ports: [{ port: 1, name: 'a' }] },
  },
};

const at = (path: string) => `spec.${path}`;

const places: Places = {
  'metadata.name': ['forbidden'],
  [at('size')]: [3, 12, 13, 'x'],
  [at('max')]: [1],
  [at('name')]: ['other', null],
  [at('when')]: ['2019-01-01T00:00:00Z', '2021-01-01T00:00:00.5Z', 'x'],
  [at('wait')]: ['1h', '2h', 'x'],
  [at('either')]: [1, 0, '5%', '5', true],
  [at('a.b-c')]: [],
  [at('labels')]: [{ xa: '1' }, { a: '1', xb: 'bad' }, {}],
  [at('ports')]: [[{ port: 1, name: 'b' }], [{ port: 2, name: 'b' }], []],
  [at('once')]: ['a'],
};

export const rules: Case[] = [
  ...creates(governed, places),
  ...updates(governed, places),
  ...patches(governed, [
    { spec: { name: null } },
    { spec: { 'a.b-c': 'no' } },
    { spec: { 'a.b-c': 'four' } },
    { spec: { size: 13 } },
    { metadata: { labels: { a: 'b' } } },
  ]),
  ...patches(governed, [{ status: { size: 1 } }], 'status'),
  ...requests(governed, [
    {
      line: `PATCH ${governed.collection}/x?fieldManager=m&force=true`,
      type: 'application/apply-patch+yaml',
      body: { ...governed.base, spec: { size: 5 } },
    },
  ]),
];
