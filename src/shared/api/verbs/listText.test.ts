import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AnyObject } from '../../meta/object.ts';
import { toYaml } from '../http/yaml.ts';
import { jsonList, type ListText, prettyList, yamlList } from './listText.ts';

const head = { kind: 'BoxList', apiVersion: 'g.io/v1', metadata: { continue: '', resourceVersion: '7' } };

function written({ before, item, write, between, after, empty }: ListText, objects: AnyObject[]): string {
  if (objects.length === 0) return empty;
  return `${before}${objects.map((object) => write(item(object))).join(between)}${after}`;
}

const text = fc.oneof(
  fc.string(),
  fc
    .array(fc.constantFrom('a', '\n', ' ', '  b', '- c', '#', "'", '"', '\t', ': ', 'é'), { maxLength: 8 })
    .map((p) => p.join('')),
);
const value = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    text,
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(text, tie('any'), { maxKeys: 3 }),
  ),
})).any;
const objects = fc.array(
  fc.record({ kind: fc.constant('Box'), metadata: fc.record({ name: text }), spec: value }),
  { maxLength: 3 },
) as fc.Arbitrary<AnyObject[]>;
const same = (object: AnyObject) => object;

describe('a list that is written item by item is what it would be as a whole', () => {
  test.each([
    {
      form: 'JSON',
      list: jsonList(head, 'items', same),
      whole: (all: object) => `${JSON.stringify(all)}\n`,
    },
    {
      form: 'JSON over lines',
      list: prettyList(head, 'items', same),
      whole: (all: object) => JSON.stringify(all, undefined, 2),
    },
    { form: 'YAML', list: yamlList(head, same), whole: (all: object) => toYaml(all) },
  ])('$form', ({ list, whole }) => {
    fc.assert(
      fc.property(objects, (items) => {
        expect(written(list, items)).toBe(whole({ ...head, items }));
      }),
      { numRuns: 300, examples: [[[{ kind: 'Box', metadata: { name: '' }, spec: 'a\n\n' }]]] },
    );
  });
});
