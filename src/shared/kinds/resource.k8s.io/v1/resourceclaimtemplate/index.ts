import type { Kind } from '../../../kind.ts';
import { ageColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ResourceClaimTemplate } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { dropDisabled } from '../claimSpec.ts';
import { validate } from './validate.ts';

export const resourceClaimTemplate: Kind<ResourceClaimTemplate> = {
  group: 'resource.k8s.io',
  version: 'v1',
  kind: 'ResourceClaimTemplate',
  plural: 'resourceclaimtemplates',
  singular: 'resourceclaimtemplate',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ResourceClaimTemplate'),
  prepareForCreate: ({ spec }) => dropDisabled(spec.spec),
  prepareForUpdate: ({ spec }) => dropDisabled(spec.spec),
  validate,
  deleteAnswers: 'object',
  columns: [nameColumn, ageColumn],
};
