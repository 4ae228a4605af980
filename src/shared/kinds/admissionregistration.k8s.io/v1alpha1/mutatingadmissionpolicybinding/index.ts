import type {
  AdmissionregistrationV1alpha1MutatingAdmissionPolicyBinding,
  MutatingAdmissionPolicyBinding,
} from '../../../schema/types.ts';
import { mutatingAdmissionPolicyBinding as newer } from '../../v1beta1/mutatingadmissionpolicybinding/index.ts';
import { olderVersion } from '../olderVersion.ts';

/** Bindings of mutating policies as they first came. */
export const mutatingAdmissionPolicyBinding = olderVersion<
  AdmissionregistrationV1alpha1MutatingAdmissionPolicyBinding,
  MutatingAdmissionPolicyBinding
>(newer);
