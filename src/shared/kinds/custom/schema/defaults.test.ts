import { expect, test } from '@jest/globals';
import { withDefaults } from './defaults.ts';
import type { Structural } from './structural.ts';

const listOf = (items: object): Structural => ({ type: 'array', items }) as Structural;

test('each object gets a default of its own', () => {
  const schema = listOf({ type: 'object', properties: { a: { type: 'object', default: { b: 1 } } } });
  const [first, second] = withDefaults<Record<string, unknown>[]>([{}, { z: 1 }], schema);
  expect([first, second]).toEqual([{ a: { b: 1 } }, { a: { b: 1 }, z: 1 }]);
  expect(first!.a).not.toBe(second!.a);
});

test('what defaults would make of an object that nobody could store is refused before it is made', () => {
  const large = Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i]));
  const schema = listOf({ type: 'object', properties: { a: { type: 'object', default: large } } });
  const items = Array.from({ length: 2_000 }, () => ({}));
  expect(() => withDefaults(items, schema)).toThrow('etcdserver: request is too large');
});

test('that holds for defaults in defaults too', () => {
  const thousand = Array.from({ length: 1_000 }, () => ({}));
  let schema: object = { type: 'string', default: 'x' };
  for (let i = 0; i < 4; i++)
    schema = {
      ...{ type: 'array', default: thousand },
      items: { type: 'object', properties: { a: schema } },
    };
  expect(() => withDefaults({}, { type: 'object', properties: { a: schema } } as Structural)).toThrow(
    'etcdserver: request is too large',
  );
});
