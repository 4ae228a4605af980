import type {
  AdmissionregistrationV1alpha1MutatingAdmissionPolicy,
  MutatingAdmissionPolicy,
} from '../../../schema/types.ts';
import { mutatingAdmissionPolicy as newer } from '../../v1beta1/mutatingadmissionpolicy/index.ts';
import { olderVersion } from '../olderVersion.ts';

/** Mutating policies as they first came. */
export const mutatingAdmissionPolicy = olderVersion<
  AdmissionregistrationV1alpha1MutatingAdmissionPolicy,
  MutatingAdmissionPolicy
>(newer);
