import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ValidatingAdmissionPolicyBinding } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { bindingColumns } from '../policy/binding.ts';
import { validate } from './validate.ts';

export const validatingAdmissionPolicyBinding: Kind<ValidatingAdmissionPolicyBinding> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  plural: 'validatingadmissionpolicybindings',
  singular: 'validatingadmissionpolicybinding',
  namespaced: false,
  categories: ['api-extensions'],
  verbs: allVerbs,
  schema: goSchema('ValidatingAdmissionPolicyBinding'),
  generation: 'spec',
  needsRevision: true,
  validate,
  columns: [nameColumn, ...bindingColumns, ageColumn],
};
