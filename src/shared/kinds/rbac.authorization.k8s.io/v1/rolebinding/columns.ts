import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import type { ClusterRoleBinding, RoleBinding, Subject } from '../../../schema/types.ts';

type Binding = RoleBinding | ClusterRoleBinding;

export const bindingColumns: Column<Binding>[] = [
  nameColumn,
  column('Role', 'Whose rules it grants.', ({ roleRef }) => `${roleRef.kind}/${roleRef.name}`),
  ageColumn,
  wideColumn('Users', 'Users that have the role.', (binding) =>
    subjects(binding, 'User', ({ name }) => name),
  ),
  wideColumn('Groups', 'Groups that have the role.', (binding) =>
    subjects(binding, 'Group', ({ name }) => name),
  ),
  wideColumn('ServiceAccounts', 'Service accounts that have the role.', (binding) =>
    subjects(binding, 'ServiceAccount', ({ namespace = '', name }) => `${namespace}/${name}`),
  ),
];

const subjects = (binding: Binding, kind: string, textOf: (subject: Subject) => string): string =>
  (binding.subjects ?? [])
    .filter((subject) => subject.kind === kind)
    .map(textOf)
    .join(', ');
