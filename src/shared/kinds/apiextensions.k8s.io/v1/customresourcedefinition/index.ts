import { withoutSchemas } from '../../../custom/withoutSchemas.ts';
import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { CustomResourceDefinition } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { beforeDelete, prepareForCreate, prepareForUpdate } from './strategy.ts';
import { validate, validateStatus } from './validate/index.ts';
import { warnings } from './warnings.ts';

export const customResourceDefinition: Kind<CustomResourceDefinition> = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  kind: 'CustomResourceDefinition',
  plural: 'customresourcedefinitions',
  singular: 'customresourcedefinition',
  shortNames: ['crd', 'crds'],
  categories: ['api-extensions'],
  namespaced: false,
  abridged: withoutSchemas,
  verbs: allVerbs,
  schema: goSchema('CustomResourceDefinition'),
  subresources: { status: true },
  generation: 'spec',
  deleteAnswers: 'object',
  needsRevision: true,
  freeFinalizers: true,
  prepareForCreate,
  prepareForUpdate,
  beforeDelete,
  validate,
  validateStatus,
  warnings,
  columns,
};
