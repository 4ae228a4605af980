import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { PodTemplate } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate } from './validate.ts';

export const podTemplate: Kind<PodTemplate> = {
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  singular: 'podtemplate',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('PodTemplate'),
  generation: 'spec',
  validate,
  columns,
  deleteAnswers: 'object',
};
