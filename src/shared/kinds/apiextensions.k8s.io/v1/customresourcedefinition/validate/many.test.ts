import { expect, test } from '@jest/globals';
import type { JSONSchemaProps } from '../../../../schema/types.ts';
import { schemaCauses } from './schema.ts';

const causesOf = (schema: JSONSchemaProps) => schemaCauses(schema, 'at', false, undefined);

test('more findings than a call takes arguments', () => {
  const names = Array.from({ length: 150_000 }, (_, i) => `p${i}`);
  const properties = Object.fromEntries(names.map((name) => [name, {}]));
  const causes = causesOf({ type: 'object', properties });
  expect(causes.map(({ field }) => field)).toEqual(names.map((name) => `at.properties[${name}].type`).sort());
});

test('what does not compile is told in the words of Go', () => {
  const deep = `${'('.repeat(1001)}${')'.repeat(1001)}`;
  const problems = {
    '((a{1000}){1000}){1000}': 'invalid repeat count: `{1000}`',
    [deep]: `expression nests too deeply: \`${deep}\``,
    '\\': 'trailing backslash at end of expression: ``',
  };
  for (const [pattern, problem] of Object.entries(problems))
    expect(causesOf({ type: 'object', properties: { a: { type: 'string', pattern } } })).toEqual([
      {
        reason: 'FieldValueInvalid',
        field: 'at.properties[a].pattern',
        message: `Invalid value: ${JSON.stringify(pattern)}: must be a valid regular expression, but isn't: error parsing regexp: ${problem}`,
      },
    ]);
});
