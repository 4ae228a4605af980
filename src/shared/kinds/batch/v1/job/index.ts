import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Job } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { prepareForCreate } from './strategy.ts';
import { validate } from './validate/index.ts';
import { validateStatus } from './validate/status.ts';
import { warnings } from './warnings.ts';

export const job: Kind<Job> = {
  group: 'batch',
  version: 'v1',
  kind: 'Job',
  plural: 'jobs',
  singular: 'job',
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Job'),
  subresources: { status: true },
  generation: 'spec',
  prepareForCreate,
  validate,
  validateStatus,
  warnings,
  columns,
  selectableFields: { 'status.successful': ({ status }) => String(status?.succeeded ?? 0) },
  unknownField: (field) => `field label ${JSON.stringify(field)} not supported for Job`,
  dependentsOnDelete: {
    default: 'Orphan',
    warning:
      'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning',
  },
};
