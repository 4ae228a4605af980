import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ValidatingAdmissionPolicy } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { paramKindText } from '../policy/paramKind.ts';
import { validate } from './validate.ts';
import { validateStatus } from './validateStatus.ts';

export const validatingAdmissionPolicy: Kind<ValidatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1',
  kind: 'ValidatingAdmissionPolicy',
  plural: 'validatingadmissionpolicies',
  singular: 'validatingadmissionpolicy',
  namespaced: false,
  categories: ['api-extensions'],
  verbs: allVerbs,
  schema: goSchema('ValidatingAdmissionPolicy'),
  subresources: { status: true },
  generation: 'spec',
  needsRevision: true,
  validate,
  validateStatus,
  columns: [
    nameColumn,
    {
      ...column(
        'Validations',
        'Validations indicates the number of validation rules defined in this configuration',
        ({ spec }) => spec?.validations?.length ?? 0,
      ),
      type: 'integer',
    },
    column(
      'ParamKind',
      'ParamKind specifies the kind of resources used to parameterize this policy',
      ({ spec }) => paramKindText(spec?.paramKind),
    ),
    ageColumn,
  ],
};
