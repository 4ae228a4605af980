import { expect, test } from '@jest/globals';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { structuralSchema } from '../structuralSchema.ts';

/** Returns whether the judge is asked about a text. */
function isAsked(text: JSONSchemaProps, value: string): boolean {
  const { causesSoon } = structuralSchema({
    names: { group: 'example.com', version: 'v1', kind: 'Thing', listKind: 'ThingList', plural: 'things' },
    load: () => ({ type: 'object', properties: { text: { type: 'string', ...text } } }),
    ...{ selectable: [], fingerprint: '' },
  });
  let asked = false;
  const judge = async () => {
    asked = true;
    return [];
  };
  causesSoon!({ metadata: { name: 'a' }, text: value } as object as never, undefined, 'main', judge);
  return asked;
}

/** A short pattern and what it is made of: over three thousand instructions. */
const large = '^(a?){800}b*$';
const rules = (...of: string[]) => ({ 'x-kubernetes-validations': of.map((rule) => ({ rule })) });

test.each<[string, JSONSchemaProps]>([
  ['a pattern', { pattern: large }],
  ['a rule', rules(`self.matches('${large}')`)],
  ['a rule that searches', rules(`self.findAll('${large}').size() > 0`)],
  ['a rule that searches again and again', rules(`self.findAll('a(.*b)?').size() > 0`)],
  [
    'many small rules',
    rules(...Array.from({ length: 20 }, (_, i) => `self.matches('^(a?){${100 + i}}b*$')`)),
  ],
])('%s that tries many instructions on each letter takes longer than a moment', (_, schema) => {
  expect(isAsked(schema, 'a'.repeat(3_000))).toBe(true);
  expect(isAsked(schema, 'a')).toBe(false);
});

test('a pattern that takes longer than a moment to compile is compiled elsewhere', () => {
  const schema = { pattern: `^${'(a?){1000}'.repeat(16)}b*$` };
  expect(isAsked(schema, 'a')).toBe(true);
});

test('patterns of names on many letters take a moment', () => {
  expect(isAsked({ pattern: '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$' }, 'a'.repeat(16_000))).toBe(false);
});
