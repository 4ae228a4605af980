import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { PersistentVolume } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { prepareForCreate } from './strategy.ts';
import { validate } from './validate.ts';
import { warnings } from './warnings.ts';

export const persistentVolume: Kind<PersistentVolume> = {
  group: '',
  version: 'v1',
  kind: 'PersistentVolume',
  plural: 'persistentvolumes',
  singular: 'persistentvolume',
  shortNames: ['pv'],
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('PersistentVolume'),
  subresources: { status: true },
  prepareForCreate,
  validate,
  warnings,
  deleteAnswers: 'object',
  columns,
};
