import type { Cause } from '../../../../errors/apiError.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type { MutatingAdmissionPolicyBinding } from '../../../schema/types.ts';
import { required } from '../../../validation/causes.ts';
import { checked } from '../../../validation/rules.ts';
import { matchResourcesCauses } from '../../v1/policy/matchResources.ts';
import { paramRefCauses } from '../../v1/policy/paramKind.ts';
import { operationCauses } from '../operations.ts';

/** Findings in the order and the words of Kubernetes. */
export function validate({ spec }: MutatingAdmissionPolicyBinding): Cause[] {
  const { policyName = '', paramRef, matchResources } = spec ?? {};
  return [
    ...(policyName
      ? checked('spec.policyName', policyName, dns1123SubdomainProblems)
      : [required('spec.policyName')]),
    ...paramRefCauses('spec.paramRef', paramRef),
    ...matchResourcesCauses('spec.matchResources', matchResources),
    ...operationCauses('spec.matchResources', matchResources),
  ];
}
