import { namespace, type Subject } from './bench.ts';
import { pause } from './load.ts';

const group = 'bench.shallop.dev';

/** A kind of a CustomResourceDefinition. */
export interface Custom {
  what: string;
  plural: string;
  rules: { rule: string; message: string }[];
  object(name: string): object;
}

/** A kind with a schema, and one with rules beside it. */
export const widgets = customKind('Widget', 'custom object', []);
export const gadgets = customKind('Gadget', 'custom object with rules', [
  { rule: 'self.size <= 100', message: 'too large' },
  { rule: 'self.parts.all(p, p.name.size() > 0 && p.count <= self.size)', message: 'a part is wrong' },
  { rule: '!has(oldSelf.color) || self.color == oldSelf.color', message: 'the colour stays' },
]);

export const pathOf = ({ plural }: Custom): string => `/apis/${group}/v1/namespaces/${namespace}/${plural}`;

function customKind(kind: string, what: string, rules: Custom['rules']): Custom {
  const parts = Array.from({ length: 8 }, (_, i) => ({ name: `part-${i}`, count: 1, labels: { i: `${i}` } }));
  const object = (name: string) => ({
    apiVersion: `${group}/v1`,
    kind,
    metadata: { name, namespace, labels: { load: 'yes' } },
    spec: { size: 10, color: 'red', note: 'x'.repeat(500), parts },
  });
  return { what, plural: `${kind.toLowerCase()}s`, rules, object };
}

const schemaOf = ({ rules }: Custom) => ({
  type: 'object',
  properties: {
    spec: {
      type: 'object',
      required: ['size'],
      properties: {
        size: { type: 'integer', minimum: 1, maximum: 1000 },
        color: { type: 'string', enum: ['red', 'green', 'blue'], default: 'green' },
        note: { type: 'string', maxLength: 2000 },
        parts: {
          type: 'array',
          maxItems: 50,
          'x-kubernetes-list-type': 'map',
          'x-kubernetes-list-map-keys': ['name'],
          items: {
            type: 'object',
            required: ['name'],
            properties: {
              name: { type: 'string', maxLength: 63, pattern: '^[a-z0-9-]+$' },
              count: { type: 'integer', default: 1 },
              labels: { type: 'object', maxProperties: 16, additionalProperties: { type: 'string' } },
            },
          },
        },
      },
      ...(rules.length && { 'x-kubernetes-validations': rules }),
    },
  },
});

/**
 * Defines the kinds and waits until they are served, wherever the client leads; false where no definitions are taken.
 * Throws when one is refused.
 */
export async function defineKinds({ client }: Subject): Promise<boolean> {
  for (const kind of [widgets, gadgets]) {
    const singular = kind.plural.slice(0, -1);
    const { status, text } = await client.call(
      'POST',
      '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
      {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: `${kind.plural}.${group}` },
        spec: {
          group,
          scope: 'Namespaced',
          names: { plural: kind.plural, singular, kind: singular[0]!.toUpperCase() + singular.slice(1) },
          versions: [
            { name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schemaOf(kind) } },
          ],
        },
      },
    );
    if (status === 404) return false;
    if (status !== 201 && status !== 409) throw new Error(`${kind.plural} is not defined: ${text}`);
    while ((await client.call('GET', pathOf(kind))).status !== 200) await pause(50);
  }
  return true;
}
