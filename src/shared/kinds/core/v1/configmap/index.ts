import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ConfigMap } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { columns } from './columns.ts';
import { validate } from './validate.ts';

export const configMap: Kind<ConfigMap> = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  singular: 'configmap',
  shortNames: ['cm'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('ConfigMap'),
  validate,
  columns,
};
