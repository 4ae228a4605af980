import { expect, test } from '@jest/globals';
import { objectsOf } from './manifests.ts';

const object = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name } });

test('Namespaces come first, then definitions, then the rest in the order given', () => {
  const given = [
    object('Widget', 'w'),
    object('CustomResourceDefinition', 'd'),
    object('Pod', 'p'),
    object('Namespace', 'n'),
    object('ConfigMap', 'c'),
  ];
  expect(objectsOf(given).map(({ kind }) => kind)).toEqual([
    'Namespace',
    'CustomResourceDefinition',
    'Widget',
    'Pod',
    'ConfigMap',
  ]);
});

test('texts have several documents, and Lists are what is in them', () => {
  const text = `
apiVersion: v1
kind: ConfigMap
metadata: { name: a }
---
---
apiVersion: v1
kind: List
items:
- { apiVersion: v1, kind: ConfigMap, metadata: { name: b } }
- { apiVersion: v1, kind: ConfigMap, metadata: { name: c } }
`;
  expect(objectsOf(text).map(({ metadata }) => metadata.name)).toEqual(['a', 'b', 'c']);
  expect(objectsOf(JSON.stringify(object('Pod', 'p')))).toEqual([object('Pod', 'p')]);
  expect(objectsOf('')).toEqual([]);
});

test.each([
  { manifests: 'kind: Pod', error: 'an object needs apiVersion and kind: {"kind":"Pod"}' },
  { manifests: 'hello', error: 'an object needs apiVersion and kind: "hello"' },
  { manifests: { apiVersion: 'v1', kind: 'Pod' }, error: 'an object needs metadata.name' },
  { manifests: 'a: [', error: 'error parsing the manifests: ' },
])('$manifests is refused: $error', ({ manifests, error }) => {
  expect(() => objectsOf(manifests)).toThrow(error);
});
