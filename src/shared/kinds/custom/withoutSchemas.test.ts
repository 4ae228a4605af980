import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { withoutSchemas } from './withoutSchemas.ts';

test('a definition is the same without the schemas of its versions, whatever they say', () => {
  const schema = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.constant({ description: '"schema":{"openAPIV3Schema":{', pattern: '\\"}' }),
    fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', 'a') }),
  );
  const version = fc.record(
    { name: fc.string(), schema: fc.record({ openAPIV3Schema: schema }), served: fc.boolean() },
    { requiredKeys: ['name'] },
  );
  fc.assert(
    fc.property(fc.string(), fc.array(version), (note, versions) => {
      const definition = { metadata: { annotations: { note } }, spec: { versions } };
      const expected = versions.map((own) => ('schema' in own ? { ...own, schema: {} } : own));
      expect(JSON.parse(withoutSchemas(JSON.stringify(definition)))).toEqual({
        ...definition,
        spec: { versions: expected },
      });
    }),
  );
});
