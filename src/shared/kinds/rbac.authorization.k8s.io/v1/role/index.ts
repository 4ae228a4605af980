import type { Kind } from '../../../kind.ts';
import { createdAtColumn, nameColumn } from '../../../printing/columns.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Role } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { validRules } from './policyRule.ts';

export const role: Kind<Role> = {
  group: 'rbac.authorization.k8s.io',
  version: 'v1',
  kind: 'Role',
  plural: 'roles',
  singular: 'role',
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('Role'),
  nameRule: 'pathSegment',
  createsOnUpdate: true,
  validate: ({ rules }) => validRules(rules, true),
  columns: [nameColumn, createdAtColumn],
};
