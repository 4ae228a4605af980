import { expect, test } from '@jest/globals';
import type { Structural } from './structural.ts';
import { typeProblems } from './typed.ts';

const ports: Structural = {
  type: 'array',
  'x-kubernetes-list-type': 'map',
  'x-kubernetes-list-map-keys': ['port', 'protocol'],
  items: {
    type: 'object',
    properties: {
      port: { type: 'integer' },
      protocol: { type: 'string', default: 'TCP' },
      name: { type: 'string' },
    },
  },
};
const set: Structural = { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } };
const free: Structural = {
  type: 'object',
  'x-kubernetes-preserve-unknown-fields': true,
  properties: { a: { type: 'object', properties: { b: { type: 'boolean' } } } },
};
const properties: Record<string, Structural> = {
  size: { type: 'integer' },
  when: { type: 'string', format: 'date-time' },
  either: { 'x-kubernetes-int-or-string': true },
  ports,
  set,
  free,
};
const schema: Structural = { type: 'object', properties: { spec: { type: 'object', properties } } };

// The words were asked of kube-apiserver 1.35 (test/differential, random-objects).
test.each<[unknown, string[]]>([
  [{ size: 1, either: 'x', when: 'x', ports: [{ port: 1 }], set: ['a'], free: { z: 1, a: { y: 2 } } }, []],
  [null, []],
  ['x', ['.spec: expected map, got &{x}']],
  [{ other: 1 }, ['.spec.other: field not declared in schema']],
  // Of several fields that nobody knows it tells one.
  [{ one: 1, size: 1, other: { x: 1 } }, ['.spec.one: field not declared in schema']],
  [{ size: 'x' }, ['.spec.size: expected numeric (int or float), got string']],
  [{ when: [1, { a: null }] }, ['.spec.when: expected any scalar, got &{[1 map[a:<nil>]]}']],
  [{ set: 'x' }, ['.spec.set: expected list, got &{x}']],
  [{ set: ['a', 'a'] }, ['.spec.set: duplicate entries for key [="a"]']],
  [
    { set: [{ a: 1 }, 'a'] },
    [".spec.set: element 0: associative list without keys has an element that's a map type"],
  ],
  [
    { ports: [{ port: 1, name: [null] }, { port: 1 }] },
    [
      '.spec.ports[port=1,protocol="TCP"].name: expected string, got &value.valueUnstructured{Value:[]interface {}{interface {}(nil)}}',
      '.spec.ports: duplicate entries for key [port=1,protocol="TCP"]',
    ],
  ],
  [{ ports: [null] }, ['.spec.ports: element 0: associative list with keys may not have a null element']],
  [{ free: { a: { b: 'x' } } }, ['.spec.free.a.b: expected boolean, got &{x}']],
])('%j is mistyped: %j', (spec, problems) => {
  const config = { apiVersion: 'a/v1', kind: 'A', metadata: { name: 'x' }, spec };
  expect(typeProblems(config, schema)).toEqual(problems);
});

test('what is told has a bound, however much is wrong and however long names are', () => {
  const item = {
    port: 'k'.repeat(2 ** 20),
    ...Object.fromEntries(Array.from({ length: 480 }, (_, i) => [`u${i}`, 1])),
  };
  const long = typeProblems({ spec: { ports: [item] } }, schema);
  expect(long.length).toBeLessThan(4);
  expect(long.at(-1)).toBe('and more');
  const many = typeProblems({ spec: { set: Array.from({ length: 200_000 }, () => 'a') } }, schema);
  expect(many).toHaveLength(101);
});
