import type { Kind } from '../../../kind.ts';
import { proxySubresource } from '../../../proxySubresource.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Service } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { claims } from './claims.ts';
import { columns } from './columns.ts';
import { validateStatus } from './status.ts';
import { prepareForCreate, prepareForUpdate } from './strategy.ts';
import { validate, validateFirst } from './validate.ts';
import { warnings } from './warnings.ts';

export const service: Kind<Service> = {
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  singular: 'service',
  shortNames: ['svc'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Service'),
  nameRule: 'label1035',
  subresources: {
    status: true,
    others: [proxySubresource('Service')],
  },
  prepareForCreate,
  prepareForUpdate,
  validateFirst,
  validate,
  validateStatus,
  warnings,
  columns,
  selectableFields: {
    'spec.clusterIP': ({ spec }) => spec?.clusterIP ?? '',
    'spec.type': ({ spec }) => spec?.type ?? '',
  },
  claims,
  deleteAnswers: 'object',
};
