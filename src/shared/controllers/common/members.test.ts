import { expect, test } from '@jest/globals';
import type { KubeObject } from '../../meta/object.ts';
import { controllerKeys } from './members.ts';

const pod = (...owners: { kind: string; name: string; controller?: boolean }[]): KubeObject => ({
  metadata: {
    name: 'p',
    namespace: 'ns',
    ownerReferences: owners.map((owner) => ({ apiVersion: 'apps/v1', uid: owner.name, ...owner })),
  },
});
const set = (name: string) => ({ kind: 'DaemonSet', name, controller: true });

test.each([
  { what: 'what controls it', object: pod(set('a')), old: undefined, names: ['a'] },
  { what: 'what controlled it before', object: pod(), old: pod(set('a')), names: ['a'] },
  { what: 'both, when it was handed over', object: pod(set('b')), old: pod(set('a')), names: ['b', 'a'] },
  { what: 'no owner that is not its controller', object: pod({ ...set('a'), controller: false }), names: [] },
  { what: 'nothing of another kind', object: pod({ ...set('a'), kind: 'Job' }), names: [] },
])('the keys are of $what', ({ object, old, names }) =>
  expect(controllerKeys('DaemonSet', object, old)).toEqual(names.map((name) => ({ namespace: 'ns', name }))),
);
