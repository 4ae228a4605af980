import type { Cause } from '../../../../errors/apiError.ts';
import type { MutatingAdmissionPolicyBinding } from '../../../schema/types.ts';
import { bindingCauses } from '../../v1/policy/binding.ts';
import { operationCauses } from '../operations.ts';

/** Findings in the order and the words of Kubernetes. */
export function validate({ spec }: MutatingAdmissionPolicyBinding): Cause[] {
  return [...bindingCauses(spec), ...operationCauses('spec.matchResources', spec?.matchResources)];
}
