import { expect, test } from '@jest/globals';
import type { ResourceQuota } from '../../kinds/schema/types.ts';
import type { KubeObject } from '../../meta/object.ts';
import { isNewlyWanted, plan, resourcesOf } from './plan.ts';

const quota = (hard: Record<string, string>, used?: Record<string, string>): ResourceQuota => ({
  metadata: { name: 'q' },
  spec: { hard },
  ...(used && { status: { hard, used } }),
});
const pod = (memory: string, phase = 'Running') =>
  ({
    metadata: { name: 'p' },
    spec: { containers: [{ name: 'c', resources: { requests: { memory } } }] },
    status: { phase },
  }) as KubeObject;

test('what there is is added up, in the form of the first amount', () => {
  const hard = { pods: '5', 'count/pods': '5', 'requests.memory': '1Gi', secrets: '3' };
  const objects = new Map([
    ['pods', [pod('512Mi'), pod('513Mi'), pod('1Gi', 'Succeeded')]],
    ['secrets', []],
  ]);
  expect(plan(quota(hard), objects, 0)).toEqual({
    hard,
    used: { 'count/pods': '3', pods: '2', 'requests.memory': '1025Mi', secrets: '0' },
  });
});

test('what nothing serves keeps its number, what is not limited any more has none', () => {
  const before = quota({ 'count/widgets.example.com': '5' }, { 'count/widgets.example.com': '2', pods: '1' });
  expect(plan(before, new Map(), 0).used).toEqual({ 'count/widgets.example.com': '2' });
});

test('the resources of a quota', () => {
  const names = ['requests.cpu', 'services.nodeports', 'gold.storageclass.storage.k8s.io/requests.storage'];
  const hard = Object.fromEntries([...names, 'count/jobs.batch', 'secrets'].map((name) => [name, '1']));
  expect(resourcesOf(quota(hard)).sort()).toEqual([
    'jobs.batch',
    'persistentvolumeclaims',
    'pods',
    'secrets',
    'services',
  ]);
});

test('a charge is no reason to count again', () => {
  const old = quota({ pods: '1' }, { pods: '0' });
  expect(isNewlyWanted(quota({ pods: '1' }, { pods: '1' }), old)).toBe(false);
  expect(isNewlyWanted(quota({ pods: '2' }, { pods: '0' }), old)).toBe(true);
  expect(isNewlyWanted(old, undefined)).toBe(true);
});
