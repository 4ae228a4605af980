import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import type { Pod } from '../../../schema/types.ts';
import { readyText, restartsText, statusText } from './summary.ts';

export const columns: Column<Pod>[] = [
  nameColumn,
  column('Ready', 'Ready containers of all containers.', readyText),
  column('Status', 'What the containers do, in one word.', statusText),
  column('Restarts', 'How often containers were restarted, and when last.', restartsText),
  ageColumn,
  wideColumn('IP', 'Address of the Pod.', ({ status }) => status?.podIPs?.[0]?.ip || '<none>'),
  wideColumn('Node', 'Where the Pod runs.', ({ spec }) => spec?.nodeName || '<none>'),
  wideColumn(
    'Nominated Node',
    'Where the Pod shall run once others have made room.',
    ({ status }) => status?.nominatedNodeName || '<none>',
  ),
  wideColumn('Readiness Gates', 'True conditions of those it waits for.', gatesText),
];

function gatesText({ spec, status }: Pod): string {
  const gates = spec?.readinessGates ?? [];
  if (gates.length === 0) return '<none>';
  const open = gates.filter(
    ({ conditionType }) => status?.conditions?.find(({ type }) => type === conditionType)?.status === 'True',
  );
  return `${open.length}/${gates.length}`;
}
