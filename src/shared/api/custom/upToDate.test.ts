import { expect, test } from '@jest/globals';
import { structuralSchema } from '../../kinds/custom/structuralSchema.ts';
import { upToDate } from './upToDate.ts';

const names = { group: 'g.io', version: 'v1', kind: 'Box', listKind: 'BoxList', plural: 'boxes' };
const item = { type: 'object', properties: { text: { type: 'string', default: 'x'.repeat(200_000) } } };
const schema = structuralSchema({
  names,
  load: () => ({
    type: 'object',
    properties: {
      items: { type: 'array', items: item },
      size: { type: 'integer', default: 1 },
    },
  }),
  selectable: [],
  fingerprint: 'f',
});
const stored = (count: number) => ({
  kind: 'Box',
  apiVersion: 'g.io/v1',
  metadata: { name: 'a' },
  items: Array.from({ length: count }, () => ({})),
});

test('an object gets its new defaults, and one that would get more than can be stored gets none', () => {
  expect(upToDate(stored(1), schema)).toMatchObject({ items: [{ text: expect.any(String) }], size: 1 });
  expect(upToDate(stored(20), schema)).toEqual(stored(20));
});
