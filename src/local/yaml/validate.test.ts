import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { kindFindings } from '../../shared/api/write/schemaFindings.ts';
import { offByDefault } from '../../shared/kinds/features.ts';
import type { Kind } from '../../shared/kinds/kind.ts';
import { kinds } from '../../shared/kinds/registry.ts';
import { type BodyParser, judgingMs, openBodyParser } from './index.ts';

let parser: BodyParser;
beforeEach(() => {
  parser = openBodyParser(judgingMs);
});
afterEach(() => parser.close());

const spec = (properties: object, rules: string[] = []) => ({
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList' },
    versions: [
      {
        ...{ name: 'v1', served: true, storage: true },
        schema: {
          openAPIV3Schema: {
            ...{ type: 'object', properties },
            'x-kubernetes-validations': rules.map((rule) => ({ rule })),
          },
        },
      },
    ],
  },
  status: { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: ['v1'] },
});
const pattern = (text: string) => ({ text: { type: 'string', pattern: text } });
const untyped = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`p${i}`, {}]));
const policy = (expression: string) => ({ metadata: { name: 'p' }, spec: { validations: [{ expression }] } });
const conditions = (expression: string) => ({
  metadata: { name: 'p' },
  spec: { matchConditions: [{ name: 'a', expression }], mutations: [] },
});
const long = (term: string) => Array(4_000).fill(term).join(' && ');

test.each<[string, string, object, boolean]>([
  ['a definition', 'CustomResourceDefinition', spec(untyped(10)), false],
  ['one of many properties', 'CustomResourceDefinition', spec(untyped(9_000)), true],
  ['one with a large pattern', 'CustomResourceDefinition', spec(pattern('(a?){1000}'.repeat(16))), true],
  ['one with a pattern that is none', 'CustomResourceDefinition', spec(pattern('a{1001}')), false],
  ['one with long rules', 'CustomResourceDefinition', spec({}, [long('self.a == 1')]), true],
  ['a policy', 'ValidatingAdmissionPolicy', policy('object.a'), false],
  ['one with a long expression', 'ValidatingAdmissionPolicy', policy(long('object.a')), true],
  ['one of a kind that is off by default', 'MutatingAdmissionPolicy', conditions(long('object.a')), true],
])(
  '%s is validated with the same findings, in the thread where it takes long',
  async (_, name, object, isLong) => {
    const kind: Kind = [...kinds, ...offByDefault].find((each) => each.kind === name)!;
    let isElsewhere = false;
    const validate: BodyParser['validate'] = (cluster) => (task) => {
      isElsewhere = true;
      return parser.validate(cluster)(task);
    };
    const found = await kindFindings(
      { deps: { validate }, cluster: 'main', served: { kind } } as never,
      object as never,
    );
    expect(found).toEqual(kind.validate!(object as never).slice(0, 1000));
    expect(isElsewhere).toBe(isLong);
  },
);

test('a cluster that has many definitions validated leaves places to another', async () => {
  const validate = (cluster: string, name: string) =>
    parser
      .validate(cluster)({
        ...{ group: 'apiextensions.k8s.io', version: 'v1', kind: 'CustomResourceDefinition' },
        object: { ...spec({}), metadata: { name } } as never,
      })
      .then(() => 'validated')
      .catch(({ reason }) => reason);
  const many = Array.from({ length: 202 }, (_, i) => validate('many', `things${i}.example.com`));
  expect(await validate('other', 'things.example.com')).toBe('validated');
  expect((await Promise.all(many)).at(-1)).toBe('TooManyRequests');
});
