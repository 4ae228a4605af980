import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Deployment } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { warnings } from '../warnings.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';

export const deployment: Kind<Deployment> = {
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  singular: 'deployment',
  shortNames: ['deploy'],
  categories: ['all'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Deployment'),
  subresources: {
    status: true,
    scale: { specReplicas: 'spec.replicas', statusReplicas: 'status.replicas', selector: 'spec.selector' },
  },
  generation: 'specAndAnnotations',
  validate,
  validateStatus,
  statusKeepsLabels: true,
  warnings,
  columns,
};
