import { expect, test } from '@jest/globals';
import { recorded } from '../../../cel/testing.ts';
import type { Cause } from '../../../errors/apiError.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { ruleCauses } from './definition.ts';
import { ruleFormCauses } from './form.ts';
import { objectBudget, schemaRules } from './validator.ts';

interface Case {
  id: string;
  crd: { spec: { versions: { schema: { openAPIV3Schema: JSONSchemaProps } }[] } };
  obj?: unknown;
  old?: unknown;
  answer: { errs?: string[]; value?: string; cost?: number };
}

const path = 'spec.validation.openAPIV3Schema';

function forms(schema: JSONSchemaProps, at: string): Cause[] {
  const { properties = {}, items, additionalProperties: values } = schema;
  return [
    ...ruleFormCauses(schema, at),
    ...Object.entries(properties).flatMap(([name, part]) => forms(part, `${at}.properties[${name}]`)),
    ...(items && !Array.isArray(items) ? forms(items, `${at}.items`) : []),
    ...(typeof values === 'object' ? forms(values, `${at}.additionalProperties`) : []),
  ];
}

const line = ({ field, message }: Cause): string => `${field}: ${message}`;
const within = ({ field, message }: Cause): string =>
  field === '<nil>' ? `root: ${message}` : `root.${field}: ${message}`;
/** Upstream names the type of self by the clock. */
const sorted = (lines: readonly string[]): string[] =>
  lines.map((text) => text.replace(/selfType\d*/g, 'selfType')).sort();

/** Cases in which upstream answers in the order of a Go map. */
const unordered = new Set(['costtotal', 'budget']);
/** Refused for its structure before anything looks at rules. */
const notStructural = new Set(['allOf']);

test.each(
  recorded<Case>(import.meta.dirname, 'definitions.jsonl').filter(
    ({ id }) => !unordered.has(id) && !notStructural.has(id),
  ),
)(
  'rules of a definition and of its object are judged as in Kubernetes 1.35: $id',
  ({ crd, obj, old, answer }) => {
    const schema = crd.spec.versions[0]!.schema.openAPIV3Schema;
    const wrongForms = forms(schema, path);
    const wrong = wrongForms.length > 0 ? wrongForms : ruleCauses(schema, path);
    if (wrong.length > 0 || obj === undefined) {
      expect(sorted(wrong.map(line))).toEqual(sorted(answer.errs ?? []));
      return;
    }
    const verdict = schemaRules(schema)!.check(obj, old);
    expect(sorted(verdict.causes.map(within))).toEqual(sorted(answer.errs ?? []));
    expect(objectBudget - verdict.budget).toBe(answer.cost);
  },
);

test('a finding about what an update left as it was is a warning', () => {
  const schema: JSONSchemaProps = {
    type: 'object',
    properties: { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 5' }] } },
  };
  const unchanged = { key: () => unchanged, index: () => unchanged, isEqual: () => true };
  const { causes, warnings } = schemaRules(schema)!.check({ a: 1 }, { a: 1 }, unchanged);
  expect(causes).toEqual([]);
  expect(warnings).toEqual([
    expect.objectContaining({ field: 'a', message: 'Invalid value: 1: failed rule: self > 5' }),
  ]);
});

test('a field whose name is a word of the language has that name and the escaped one', () => {
  const field = { type: 'string', maxLength: 10 };
  const schema = (rule: string): JSONSchemaProps => ({
    type: 'object',
    properties: { namespace: field, in: field, other: field },
    'x-kubernetes-validations': [{ rule }],
  });
  const rules = ["!has(self.namespace) || self.namespace == 'a'", "self.__namespace__ == 'a'"];
  for (const rule of rules) {
    expect(ruleCauses(schema(rule), path)).toEqual([]);
    expect(schemaRules(schema(rule))!.check({ namespace: 'a' }, undefined).causes).toEqual([]);
    expect(schemaRules(schema(rule))!.check({ namespace: 'b' }, undefined).causes).toHaveLength(1);
  }
  for (const rule of ["self.in == 'a'", "self.package == 'a'", "self.__other__ == 'a'"])
    expect(ruleCauses(schema(rule), path)).toHaveLength(1);
});
