import { expect, test } from '@jest/globals';
import type { Storage, Stored } from '../../ports/storage.ts';
import { storedDefinitions } from './definitions.ts';

test('a definition is read once for all its versions that are looked at together', async () => {
  const count = 300;
  const crd = {
    metadata: { name: 'things.example.io', uid: 'u', generation: 1 },
    spec: {
      group: 'example.io',
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing' },
      versions: Array.from({ length: count }, (_, i) => ({
        name: `v${i + 1}`,
        served: true,
        storage: i === 0,
        schema: { openAPIV3Schema: { type: 'object', description: `of ${i + 1}` } },
      })),
    },
    status: { conditions: [{ type: 'Established', status: 'True' }] },
  };
  const bytes = Buffer.from(JSON.stringify(crd));
  let reads = 0;
  const stored = {
    key: { cluster: 'default', resource: '', namespace: '', name: crd.metadata.name },
    revision: '1',
    index: {},
    get value() {
      reads++;
      return bytes;
    },
  } as Stored;
  const storage = {
    head: () => '1',
    list: async () => ({ items: [stored], revision: '1' }),
  } as unknown as Storage;
  const { kinds } = await storedDefinitions(storage)('default');
  expect(kinds).toHaveLength(count);
  reads = 0;
  const models = kinds.map((kind) => kind.schema.models((type) => type)[kind.schema.model]);
  expect(models[0]).toMatchObject({ description: `of ${count}` });
  expect(reads).toBe(1);
});
