import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import type { ExpressionWarning, ValidatingAdmissionPolicy } from '../../kinds/schema/types.ts';
import { type Subject, subjectsOf, warningsAbout } from './plan.ts';

interface Recorded {
  spec: NonNullable<ValidatingAdmissionPolicy['spec']>;
  warnings: ExpressionWarning[];
}
const { spec, warnings } = JSON.parse(
  readFileSync(new URL('testdata/typed.json', import.meta.url), 'utf8'),
) as Recorded;

const subject = (group: string, kind: string): Subject => ({
  group,
  version: 'v1',
  kind,
  declared: { goType: kind },
});
const subjects: Record<string, Subject> = {
  deployments: subject('apps', 'Deployment'),
  replicasets: subject('apps', 'ReplicaSet'),
  configmaps: subject('', 'ConfigMap'),
};

test('warnings are those of kube-controller-manager', () => {
  const policy = { metadata: { name: 'p' }, spec };
  const found = subjectsOf(policy, (_group, _version, resource) => [subjects[resource] ?? []].flat());
  expect(warningsAbout({ policy, subjects: found, params: subject('', 'ConfigMap') })).toEqual(warnings);
});

test('kinds behind wildcards are not checked', () => {
  const everything = [{ ...spec.matchConstraints?.resourceRules?.[0], apiGroups: ['*'] }];
  const policy = { metadata: {}, spec: { ...spec, matchConstraints: { resourceRules: everything } } };
  expect(subjectsOf(policy, () => [subject('', 'ConfigMap')])).toEqual([]);
});
