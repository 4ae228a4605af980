import { expect, test } from '@jest/globals';
import { kinds } from '../registry.ts';

const { schema } = kinds.find(({ kind }) => kind === 'CustomResourceDefinition')!;
/** The problems that a definition with this schema has. */
const problemsOf = (openAPIV3Schema: object): string[] => {
  const problems: string[] = [];
  const versions = [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema } }];
  schema.decode({ metadata: { name: 'a.b.c' }, spec: { versions } }, problems);
  return problems;
};

test('an unknown field of a schema is told of', () => {
  const place = 'spec.versions[0].schema.openAPIV3Schema.properties.a.more';
  expect(problemsOf({ properties: { a: { type: 'object', more: 'x' } } })).toEqual([
    `unknown field "${place}"`,
  ]);
});

test.each(['items', 'additionalProperties', 'additionalItems'])(
  'below %s none is, as in a real server',
  (field) => {
    const inner = { type: 'object', more: 'x', properties: { b: { more: 'y' } } };
    expect(problemsOf({ properties: { a: { [field]: inner } } })).toEqual([]);
  },
);
