import type { Kind } from '../../../kind.ts';
import { createdAtColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ClusterRole } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validate } from './validate.ts';

export const clusterRole: Kind<ClusterRole> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRole',
  plural: 'clusterroles',
  singular: 'clusterrole',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('ClusterRole'),
  nameRule: 'pathSegment',
  createsOnUpdate: true,
  validate,
  columns: [nameColumn, createdAtColumn],
};
