import { expect, test } from '@jest/globals';
import { podOf } from '../../test/support/aws/fakeEcsWorld.ts';
import type { Admission } from '../shared/admission/plugin.ts';
import type { ObjectMeta, PodSpec } from '../shared/kinds/schema/types.ts';
import { spotPlacement } from './spotPlacement.ts';

const key = 'shallop.dev/capacity-type';
const toleration = { key, operator: 'Equal' as const, value: 'spot', effect: 'NoSchedule' as const };

async function admitted(spec: Partial<PodSpec>, metadata: Partial<ObjectMeta> = {}) {
  const pod = podOf({ containers: [{ name: 'c' }], nodeName: '', ...spec }, metadata);
  const changed = await spotPlacement.admit!({ object: pod } as unknown as Admission);
  return { changed, spec: pod.spec! };
}

test('D14: a Pod that asks for Spot by annotation selects its Nodes', async () => {
  const { spec } = await admitted({}, { annotations: { [key]: 'spot' } });
  expect(spec.nodeSelector).toEqual({ [key]: 'spot' });
});

test('D14: one that names Spot in a toleration prefers them, beside what it prefers already', async () => {
  const own = { weight: 5, preference: { matchExpressions: [{ key: 'a', operator: 'Exists' as const }] } };
  const affinity = { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [own] } };
  const { spec } = await admitted({ tolerations: [toleration], affinity });
  expect(spec.nodeSelector).toBeUndefined();
  expect(spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution).toEqual([
    own,
    { weight: 100, preference: { matchExpressions: [{ key, operator: 'In', values: ['spot'] }] } },
  ]);
});

test.each<[string, Partial<PodSpec>]>([
  ['tolerates everything', { tolerations: [{ operator: 'Exists' }] }],
  ['is bound already', { nodeName: 'fargate-us-east-1a', tolerations: [toleration] }],
  ['selects on demand', { nodeSelector: { [key]: 'on-demand' }, tolerations: [toleration] }],
])('D14: one that %s is left as it is', async (_, spec) => {
  const before = structuredClone(spec);
  const { changed, spec: after } = await admitted(spec);
  expect(changed).toBe(false);
  expect(after).toMatchObject(before);
});
