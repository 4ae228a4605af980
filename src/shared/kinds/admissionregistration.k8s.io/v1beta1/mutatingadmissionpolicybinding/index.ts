import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { MutatingAdmissionPolicyBinding } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { bindingColumns } from '../../v1/policy/binding.ts';
import { validate } from './validate.ts';

/** Served where mutating policies are. */
export const mutatingAdmissionPolicyBinding: Kind<MutatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1beta1',
  kind: 'MutatingAdmissionPolicyBinding',
  plural: 'mutatingadmissionpolicybindings',
  singular: 'mutatingadmissionpolicybinding',
  namespaced: false,
  categories: ['api-extensions'],
  verbs: allVerbs,
  schema: goSchema('MutatingAdmissionPolicyBinding'),
  generation: 'spec',
  needsRevision: true,
  validate,
  columns: [nameColumn, ...bindingColumns, ageColumn],
};
