import { absent, type Places } from '../grammar.ts';

const owner = { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: 'u' };

/** Of any object; tried on a ConfigMap. */
export const metadataPlaces: Places = {
  metadata: [absent, {}, null, [], 'x'],
  'metadata.name': [
    absent,
    '',
    'X',
    '-a',
    'a_b',
    'a.b',
    'a..b',
    '.',
    'a/b',
    'a%b',
    'a'.repeat(253),
    'a'.repeat(254),
    7,
  ],
  'metadata.generateName': ['gen-'],
  'metadata.namespace': ['other', '', 'default'],
  'metadata.labels': [
    { a: 'b' },
    { 'a b': 'c' },
    { '': 'c' },
    { a: 'b c' },
    { a: 'x'.repeat(64) },
    { ['x'.repeat(64)]: 'a' },
    { 'A_/b': 'c' },
    { '/b': 'c' },
    { 'a/': 'c' },
    { 'a/b/c': 'd' },
    { a: 1 },
    { a: null },
    null,
  ],
  'metadata.annotations': [{ 'a b': 'c' }, { 'A/b': 'c d' }, { '': '' }, { a: 1 }, { ['x'.repeat(64)]: 'a' }],
  'metadata.finalizers': [
    ['a'],
    ['a/b'],
    ['orphan'],
    ['foregroundDeletion'],
    ['orphan', 'foregroundDeletion'],
    ['a b/c'],
    [''],
    ['a/b', 'a/b'],
  ],
  'metadata.ownerReferences': [
    [owner],
    [{}],
    [{ ...owner, apiVersion: 'a/b/c' }],
    [{ ...owner, apiVersion: '' }],
    [{ ...owner, apiVersion: 'v1', kind: 'Event' }],
    [
      { ...owner, controller: true },
      { ...owner, uid: 'w', name: 'p', controller: true },
    ],
    [{ ...owner, blockOwnerDeletion: true }],
    [
      { ...owner, name: '' },
      { ...owner, uid: '' },
    ],
    [owner, owner],
  ],
  'metadata.uid': ['abc'],
  'metadata.resourceVersion': ['', '0', '5', 'x'],
  'metadata.generation': [5, -1],
  'metadata.creationTimestamp': ['2020-01-01T00:00:00Z', null, 'x'],
  'metadata.deletionTimestamp': ['2020-01-01T00:00:00Z'],
  'metadata.deletionGracePeriodSeconds': [5, -1],
  'metadata.selfLink': ['/x'],
  'metadata.clusterName': ['c'],
  'metadata.managedFields': [[{}]],
};

export const generated: Places = {
  metadata: [
    { generateName: 'gen-' },
    { generateName: 'Gen_' },
    { generateName: `${'a'.repeat(70)}-` },
    { generateName: '-' },
    { generateName: 'a.b.' },
  ],
};

export const metadataUpdates: Places = {
  'metadata.name': ['y', absent, ''],
  'metadata.namespace': ['other', absent],
  'metadata.labels': [{ 'a b': 'c' }, { a: 'b' }],
  'metadata.annotations': [{ 'a b': 'c' }, { a: 'b' }],
  'metadata.finalizers': [['a'], ['a/b']],
  'metadata.ownerReferences': [[owner], [{}]],
  'metadata.uid': ['00000000-0000-0000-0000-000000000000', 'x', ''],
  'metadata.resourceVersion': ['', '0', '1', 'x', '99999999999'],
  'metadata.generation': [5],
  'metadata.creationTimestamp': ['2020-01-01T00:00:00Z', null],
  'metadata.deletionTimestamp': ['2020-01-01T00:00:00Z'],
  'metadata.generateName': ['g-'],
};
