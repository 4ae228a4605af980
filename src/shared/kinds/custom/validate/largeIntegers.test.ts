import { expect, test } from '@jest/globals';
import { parseExactJson } from '../../../meta/integers.ts';
import type { JSONSchemaProps } from '../../schema/types.ts';
import { structuralSchema } from '../structuralSchema.ts';

const rule = (text: string) => ({ 'x-kubernetes-validations': [{ rule: text }] });
const most = '9223372036854775807';
const properties = parseExactJson(
  JSON.stringify({
    long: { type: 'integer', format: 'int64' },
    most: { type: 'integer', maximum: 9007199254740991 },
    least: { type: 'integer', minimum: 9007199254740991, exclusiveMinimum: true },
    tenth: { type: 'integer', multipleOf: 10 },
    one: { type: 'integer', enum: ['MOST', 3] },
    either: { 'x-kubernetes-int-or-string': true },
    float: { type: 'number' },
    floatMost: { type: 'number', maximum: 5 },
    text: { type: 'string' },
    same: { type: 'integer', ...rule(`self == ${most}`) },
    sameFloat: { type: 'number', ...rule('self > 9223372036854775000.0') },
    sameEither: { 'x-kubernetes-int-or-string': true, ...rule(`self == ${most}`) },
    preset: { type: 'integer', default: 'MOST' },
  }).replaceAll('"MOST"', most),
) as Record<string, JSONSchemaProps>;

const schema = structuralSchema({
  names: { group: 'example.com', version: 'v1', kind: 'Thing', listKind: 'ThingList', plural: 'things' },
  load: () => ({ type: 'object', properties }),
  ...{ selectable: [], fingerprint: '' },
});
const made = (fields: string) =>
  schema.withDefaults(
    schema.decode(
      parseExactJson(`{"apiVersion":"example.com/v1","kind":"Thing","metadata":{"name":"a"},${fields}}`),
    ),
  );

/** What kube-apiserver 1.35.4 said. */
test.each([
  [`"long":${most}`],
  ['"long":-9223372036854775808'],
  ['"long":9223372036854775808', 'Invalid value: "number": long in body must be of type integer: "number"'],
  [`"most":${most}`, `Invalid value: ${most}: most in body should be less than or equal to 9007199254740991`],
  ['"least":9007199254740993'],
  [
    '"least":-9223372036854775807',
    'Invalid value: -9223372036854775807: least in body should be greater than 9007199254740991',
  ],
  ['"tenth":9223372036854775800'],
  [`"tenth":${most}`, `Invalid value: ${most}: tenth in body should be a multiple of 10`],
  [`"one":${most}`],
  ['"one":9223372036854775806', `Unsupported value: 9223372036854775806: supported values: "${most}", "3"`],
  [`"either":${most}`],
  [
    '"either":9223372036854775808',
    'Invalid value: "number": either in body must be of type integer,string: "number"',
  ],
  [`"float":${most}`],
  ['"float":9223372036854775808'],
  [`"floatMost":${most}`, `Invalid value: ${most}: floatMost in body should be less than or equal to 5`],
  [`"text":${most}`, 'Invalid value: "integer": text in body must be of type string: "integer"'],
  [`"same":${most}`],
  ['"same":9223372036854775806', `Invalid value: 9223372036854775806: failed rule: self == ${most}`],
  [`"sameFloat":${most}`],
  [`"sameEither":${most}`],
  ['"sameEither":9223372036854775806', `Invalid value: 9223372036854775806: failed rule: self == ${most}`],
])('an integer beyond 2^53 is judged by every digit: %s', (fields, ...messages) => {
  const told = schema.causes(made(fields)).map(({ message }) => message);
  expect(told.filter((message) => !message.includes('rules were not checked'))).toEqual(messages);
});

test('a default beyond 2^53 is filled in with every digit', () => {
  expect(JSON.stringify(made('"text":"a"'))).toContain(`"preset":${most}`);
});
