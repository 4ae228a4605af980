import type { Column } from '../../../kind.ts';
import { ageColumn, column, integerColumn, nameColumn } from '../../../printing/columns.ts';
import type { IntOrString, PodDisruptionBudget } from '../../../schema/types.ts';

export const columns: Column<PodDisruptionBudget>[] = [
  nameColumn,
  column('Min Available', 'How many Pods have to stay available.', ({ spec }) => amount(spec?.minAvailable)),
  column('Max Unavailable', 'How many Pods may be unavailable.', ({ spec }) => amount(spec?.maxUnavailable)),
  integerColumn(
    'Allowed Disruptions',
    'How many Pods may be disrupted now.',
    ({ status }) => status?.disruptionsAllowed ?? 0,
  ),
  ageColumn,
];

const amount = (value: IntOrString | undefined): string => (value === undefined ? 'N/A' : `${value}`);
