import type { WebhookServer } from './webhooks/server.ts';

type Schema = Record<string, unknown>;
export const definitionsPath = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const group = 'bad.example.com';
const pathOf = (plural: string): string => `/apis/${group}/v1/namespaces/default/${plural}`;

/** A definition of objects with this in `spec`. */
const definitionOf = (plural: string, spec: Schema) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural, kind: kindOf(plural) },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', properties: { spec } } },
      },
    ],
  },
});

const kindOf = (plural: string) => `${plural[0]!.toUpperCase()}${plural.slice(1)}`;
const objectOf = (plural: string, name: string, spec: unknown) => ({
  apiVersion: `${group}/v1`,
  kind: kindOf(plural),
  metadata: { name },
  spec,
});

const rule = (text: string): Schema => ({ 'x-kubernetes-validations': [{ rule: text }] });
const everyPair = rule('self.all(a, self.all(b, a <= b + 100000))');

/** So many that each of them may be judged, and not all together. */
const lists = 13;

/** Definitions that a server takes, whose objects then take long to judge. */
export const standing: object[] = [
  definitionOf('patterns', { type: 'string', pattern: '^(a+)+$' }),
  definitionOf('pairs', { type: 'array', maxItems: 1000, items: { type: 'integer' }, ...everyPair }),
  definitionOf('texts', {
    type: 'object',
    properties: Object.fromEntries(
      Array.from({ length: lists }, (_, i) => [
        `list${i}`,
        {
          ...{ type: 'array', maxItems: 10, items: { type: 'string', maxLength: 10_000 } },
          ...rule(`self.all(a, !a.contains('${'b'.repeat(900)}'))`),
        },
      ]),
    ),
  }),
];

/** Describes a request that costs much and is refused. */
export interface Bad {
  what: string;
  path: string;
  body: object;
  /** Part of what a real server says of it. */
  says: RegExp;
}

const untyped = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`p${i}`, {}]));

export const badDefinitions: Bad[] = [
  {
    what: 'definitions that are not structural',
    path: definitionsPath,
    body: definitionOf('looses', { type: 'object', properties: untyped }),
    says: /properties\[spec\]\.properties\[p0\]\.type: Required value: must not be empty for specified object fields/,
  },
  {
    what: 'schemas that refer to themselves',
    path: definitionsPath,
    body: definitionOf('selves', { type: 'object', properties: { a: { $ref: '#' } } }),
    says: /properties\[spec\]\.properties\[a\]\.\$ref: Forbidden: \$ref is not supported/,
  },
  {
    what: 'schemas with a pattern that repeats repetitions',
    path: definitionsPath,
    body: definitionOf('repeats', { type: 'string', pattern: '((a{1,100}){1,100}){1,100}' }),
    says: /must be a valid regular expression, but isn't: error parsing regexp: invalid repeat count: `\{1,100\}`/,
  },
  {
    what: 'schemas with patterns that take long to compile',
    path: definitionsPath,
    body: definitionOf('larges', {
      type: 'object',
      properties: Object.fromEntries(
        [1, 2, 3, 4].map((i) => [
          `p${i}`,
          { type: 'string', pattern: `${'(a?){500}'.repeat(40)}${i}`, default: 1 },
        ]),
      ),
    }),
    says: /properties\[p1\]\.default: Invalid value: "integer": {2}in body must be of type string: "integer"/,
  },
  {
    what: 'rules over their cost',
    path: definitionsPath,
    body: definitionOf('costs', { type: 'array', items: { type: 'integer' }, ...everyPair }),
    says: /x-kubernetes-validations\[0\]\.rule: Forbidden: estimated rule cost exceeds budget by factor of more than 100x/,
  },
];

const numbers = Array.from({ length: 1000 }, (_, i) => i);

export const badObjects: Bad[] = [
  {
    what: 'objects against a pattern that explodes',
    path: pathOf('patterns'),
    body: objectOf('patterns', 'bad', `${'a'.repeat(100_000)}!`),
    says: /spec in body should match '\^\(a\+\)\+\$'/,
  },
  {
    what: 'objects whose rules are ended at their cost',
    path: pathOf('pairs'),
    body: objectOf('pairs', 'bad', numbers),
    says: /'operation cancelled: actual cost limit exceeded': no further validation rules will be run due to call cost exceeds limit for rule/,
  },
  {
    what: 'objects whose rules use up the cost of all together',
    path: pathOf('texts'),
    body: objectOf(
      'texts',
      'bad',
      Object.fromEntries(
        Array.from({ length: lists }, (_, i) => [`list${i}`, Array(10).fill('a'.repeat(10_000))]),
      ),
    ),
    says: /validation failed due to running out of cost budget, no further validation rules will be run/,
  },
];

export const webhooksPath = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';

/** A configuration whose only webhook is asked about Secrets of its own name in the namespace `default`. */
const webhookOf = (name: string, clientConfig: object) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingWebhookConfiguration',
  metadata: { name },
  webhooks: [
    {
      name: `${name}.hooks.example.com`,
      clientConfig,
      admissionReviewVersions: ['v1'],
      sideEffects: 'None',
      timeoutSeconds: 1,
      rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['secrets'] }],
      matchConditions: [{ name: 'own', expression: `object.metadata.name == "${name}"` }],
    },
  ],
});

/** Webhooks that do badly, with what a server says when it has asked them. `self`: where the server itself is. */
export const badWebhooks = (
  hooks: WebhookServer,
  self: { url: string; caBundle: string },
): { name: string; configuration: object; says: RegExp }[] => {
  const at = (path: string) => ({ url: `https://${hooks.host}/${path}`, caBundle: hooks.caBundle });
  const failed = (name: string, why: string) =>
    new RegExp(`failed calling webhook "${name}\\.hooks\\.example\\.com": failed to call webhook: ${why}`);
  return [
    {
      name: 'hang',
      configuration: webhookOf('hang', at('hang')),
      says: failed('hang', 'Post .* context deadline exceeded'),
    },
    {
      name: 'rubbish',
      configuration: webhookOf('rubbish', at('html')),
      says: failed('rubbish', "couldn't get version/kind; json parse error"),
    },
    {
      name: 'flood',
      configuration: webhookOf('flood', at('flood')),
      says: failed('flood', 'unexpected error when reading response body'),
    },
    {
      name: 'redirect',
      configuration: webhookOf('redirect', at('redirect')),
      says: failed('redirect', 'the server responded with the status code 307'),
    },
    {
      name: 'self',
      configuration: webhookOf('self', {
        url: `${self.url}/api/v1/namespaces/default/secrets`,
        caBundle: self.caBundle,
      }),
      says: failed('self', 'secrets is forbidden: User "system:anonymous" cannot create resource "secrets"'),
    },
  ];
};
