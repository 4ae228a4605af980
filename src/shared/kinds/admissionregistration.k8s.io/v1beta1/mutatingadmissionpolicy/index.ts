import type { Kind } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { MutatingAdmissionPolicy } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { paramKindText } from '../../v1/policy/paramKind.ts';
import { validate } from './validate.ts';

/** Served where somebody asks for it: off in Kubernetes 1.35 too. */
export const mutatingAdmissionPolicy: Kind<MutatingAdmissionPolicy> = {
  group: 'admissionregistration.k8s.io',
  version: 'v1beta1',
  kind: 'MutatingAdmissionPolicy',
  plural: 'mutatingadmissionpolicies',
  singular: 'mutatingadmissionpolicy',
  namespaced: false,
  categories: ['api-extensions'],
  verbs: allVerbs,
  schema: goSchema('MutatingAdmissionPolicy'),
  generation: 'spec',
  needsRevision: true,
  validate,
  columns: [
    nameColumn,
    {
      ...column(
        'Mutations',
        'Mutations indicates the number of mutations rules defined in this configuration',
        ({ spec }) => spec?.mutations?.length ?? 0,
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
