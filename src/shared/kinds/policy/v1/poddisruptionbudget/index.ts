import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { PodDisruptionBudget } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, validateStatus } from './validate.ts';

export const podDisruptionBudget: Kind<PodDisruptionBudget> = {
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  singular: 'poddisruptionbudget',
  shortNames: ['pdb'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('PodDisruptionBudget'),
  subresources: { status: true },
  generation: 'spec',
  needsRevision: true,
  validate,
  validateStatus,
  columns,
};
