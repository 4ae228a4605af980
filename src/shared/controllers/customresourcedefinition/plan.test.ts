import { expect, test } from '@jest/globals';
import type { CustomResourceDefinition } from '../../kinds/schema/types.ts';
import { needOf, resourceOf, terminating, withoutCleanup } from './plan.ts';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';
const condition = (type: string, status = 'True') => ({ type, status });
const crd = (
  metadata: CustomResourceDefinition['metadata'],
  conditions: { type: string; status: string }[] = [],
  served = true,
): CustomResourceDefinition => ({
  metadata: { name: 'widgets.example.com', ...metadata },
  spec: {
    group: 'example.com',
    scope: 'Namespaced',
    names: { plural: 'widgets', kind: 'Widget' },
    versions: [
      { name: 'v1', served: false, storage: true },
      { name: 'v2', served, storage: false },
    ],
  },
  status: { acceptedNames: { plural: '', kind: '' }, conditions, storedVersions: ['v1'] },
});
const going = { deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['a/b', cleanup] };

test.each([
  ['names', crd({})],
  ['nothing', crd({}, [condition('NamesAccepted', 'False')])],
  ['cleanup', crd(going)],
  ['nothing', crd({ ...going, finalizers: ['a/b'] })],
])('needs %s', (need, of) => expect(needOf(of)).toBe(need));

test('objects are looked for in a served version, where there can be some', () => {
  expect(resourceOf(crd({}, [condition('Established')]))).toEqual({
    group: 'example.com',
    version: 'v2',
    kind: 'Widget',
    plural: 'widgets',
    namespaced: true,
  });
  expect(resourceOf(crd({}, [condition('Established', 'False')]))).toBeUndefined();
  expect(resourceOf(crd({}, [condition('Established')], false))).toBeUndefined();
});

test('the end is told, and the finalizers of others stay', () => {
  const of = crd(going, [condition('Terminating')]);
  expect(terminating(of, 'done', 0).conditions).toMatchObject([
    {
      type: 'Terminating',
      status: 'False',
      reason: 'InstanceDeletionCompleted',
      message: 'removed all instances',
    },
  ]);
  expect(withoutCleanup(of)).toEqual(['a/b']);
});
