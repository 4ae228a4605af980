import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Secret } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate, warnings } from './validate.ts';

export const secret: Kind<Secret> = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  singular: 'secret',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Secret'),
  validate,
  warnings,
  columns,
  selectableFields: { type: ({ type }) => type ?? '' },
};
