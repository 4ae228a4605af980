import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ResourceQuota } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';
import { warnings } from './warnings.ts';

export const resourceQuota: Kind<ResourceQuota> = {
  group: '',
  version: 'v1',
  kind: 'ResourceQuota',
  plural: 'resourcequotas',
  singular: 'resourcequota',
  shortNames: ['quota'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ResourceQuota'),
  subresources: { status: true },
  deleteAnswers: 'object',
  validate,
  validateStatus,
  warnings,
  columns,
};
