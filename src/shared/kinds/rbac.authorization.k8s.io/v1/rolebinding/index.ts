import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { RoleBinding } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { bindingColumns } from './columns.ts';
import { validBinding } from './validate.ts';

export const roleBinding: Kind<RoleBinding> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'RoleBinding',
  plural: 'rolebindings',
  singular: 'rolebinding',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('RoleBinding'),
  nameRule: 'pathSegment',
  createsOnUpdate: true,
  validate: (binding, old) => validBinding(binding, old, true),
  columns: bindingColumns,
};
