import { expect, test } from '@jest/globals';
import { type Json, withoutContents } from './secrets.ts';

const secrets = { plural: 'secrets', kind: 'Secret' };
const configMaps = { plural: 'configmaps', kind: 'ConfigMap' };
const open = 'c2VzYW1l';
const secret = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'door',
    labels: { app: 'door' },
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': `{"data":{"word":"${open}"}}`,
      'example.com/copy': 'sesame',
    },
    managedFields: [{ fieldsV1: { 'f:data': { 'f:word': {}, [`v:"${open}"`]: {} } } }],
    somethingNew: 'sesame',
  },
  type: 'Opaque',
  data: { word: open },
  stringData: { word: 'sesame' },
  somethingNew: { word: 'sesame' },
};

test('a Secret keeps its name, its type and the names of its keys, and nothing of what they hold', () => {
  expect(withoutContents(secret, secrets)).toEqual({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: 'door',
      labels: { app: 'door' },
      annotations: {
        'kubectl.kubernetes.io/last-applied-configuration': '(hidden)',
        'example.com/copy': '(hidden)',
      },
    },
    type: 'Opaque',
    data: { word: '(hidden, 6 bytes)' },
  });
});

const { kind: _, apiVersion: __, ...untyped } = secret;
const wrong = { data: [open], metadata: [open], type: { word: open }, immutable: open };
test.each<[string, Json, { plural: string; kind: string }]>([
  ['in a list', { kind: 'SecretList', metadata: {}, items: [untyped, untyped] }, secrets],
  ['in a list that says nothing of its kind', { items: [untyped] }, secrets],
  ['in a list with more fields than lists have', { kind: 'SecretList', items: [], extra: [secret] }, secrets],
  ['in a list of a group of somebody else', { items: [untyped] }, { plural: 'secrets', kind: 'Vault' }],
  ['under another plural', { items: [untyped] }, { plural: 'hiddenthings', kind: 'Secret' }],
  ['that comes where something else was asked for', { ...secret }, configMaps],
  ['in a list of something else', { kind: 'List', items: [secret] }, configMaps],
  ['with fields of other types', wrong, secrets],
  ['among what is no object', { items: [open, [open], null] }, secrets],
  ['as a Table', { kind: 'Table', rows: [{ cells: ['sesame'], object: secret }] }, secrets],
])('nothing is left of a Secret %s', (_name, answer, resource) => {
  const text = JSON.stringify(withoutContents(answer, resource));
  expect(text).not.toMatch(/sesame|c2VzYW1l/);
});

test('other objects are passed on as they are', () => {
  const map = { kind: 'ConfigMap', metadata: { name: 'a' }, data: { word: 'sesame' } };
  expect(withoutContents(map, configMaps)).toBe(map);
  expect(withoutContents({ kind: 'ConfigMapList', items: [map] }, configMaps)).toMatchObject({
    items: [map],
  });
});
