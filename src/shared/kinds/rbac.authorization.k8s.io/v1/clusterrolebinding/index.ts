import type { Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { ClusterRoleBinding } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { bindingColumns } from '../rolebinding/columns.ts';
import { validBinding } from '../rolebinding/validate.ts';

export const clusterRoleBinding: Kind<ClusterRoleBinding> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'ClusterRoleBinding',
  plural: 'clusterrolebindings',
  singular: 'clusterrolebinding',
  namespaced: false,
  verbs: allVerbs,
  schema: goSchema('ClusterRoleBinding'),
  nameRule: 'pathSegment',
  createsOnUpdate: true,
  validate: (binding, old) => validBinding(binding, old, false),
  columns: bindingColumns,
};
