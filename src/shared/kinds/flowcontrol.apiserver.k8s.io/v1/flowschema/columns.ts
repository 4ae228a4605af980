import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { FlowSchema } from '../../../schema/types.ts';

export const columns: Column<FlowSchema>[] = [
  nameColumn,
  column(
    'PriorityLevel',
    'The priority level of its requests.',
    ({ spec }) => spec?.priorityLevelConfiguration.name ?? '',
  ),
  column(
    'MatchingPrecedence',
    'Of the schemas that match a request the one with the lowest counts.',
    ({ spec }) => spec?.matchingPrecedence ?? 0,
  ),
  column(
    'DistinguisherMethod',
    'What tells one flow of requests from another.',
    ({ spec }) => spec?.distinguisherMethod?.type ?? '<none>',
  ),
  ageColumn,
  column(
    'MissingPL',
    'Whether its priority level is not there.',
    ({ status }) => status?.conditions?.find(({ type }) => type === 'Dangling')?.status ?? '?',
  ),
];
