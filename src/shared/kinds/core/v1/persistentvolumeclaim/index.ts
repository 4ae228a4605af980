import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { PersistentVolumeClaim } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { prepareForCreate } from './strategy.ts';
import { validate, validateStatus } from './validate.ts';
import { warnings } from './warnings.ts';

export const persistentVolumeClaim: Kind<PersistentVolumeClaim> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolumeClaim',
  plural: 'persistentvolumeclaims',
  singular: 'persistentvolumeclaim',
  shortNames: ['pvc'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('PersistentVolumeClaim'),
  subresources: { status: true },
  prepareForCreate,
  validate,
  warnings,
  validateStatus,
  deleteAnswers: 'object',
  columns,
};
