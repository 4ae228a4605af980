import type { Kind } from '../../../kind.ts';
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
  type: 'ClusterRoleBinding',
  nameRule: 'pathSegment',
  createsOnUpdate: true,
  validate: (binding, old) => validBinding(binding, old, false),
  columns: bindingColumns,
};
