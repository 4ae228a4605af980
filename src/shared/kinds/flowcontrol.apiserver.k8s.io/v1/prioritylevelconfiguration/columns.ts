import type { Column } from '../../../kind.ts';
import { ageColumn, column, nameColumn } from '../../../printing/columns.ts';
import type { PriorityLevelConfiguration } from '../../../schema/types.ts';

const none = '<none>';

export const columns: Column<PriorityLevelConfiguration>[] = [
  nameColumn,
  column('Type', 'Whether its requests are limited.', ({ spec }) => spec?.type ?? ''),
  column(
    'NominalConcurrencyShares',
    'Its share of the requests that are served at once.',
    ({ spec }) => spec?.limited?.nominalConcurrencyShares ?? none,
  ),
  column('Queues', 'How many queues there are.', (level) => queuingOf(level)?.queues ?? none),
  column('HandSize', 'From how many queues a flow chooses.', (level) => queuingOf(level)?.handSize ?? none),
  column(
    'QueueLengthLimit',
    'How many requests may wait in a queue.',
    (level) => queuingOf(level)?.queueLengthLimit ?? none,
  ),
  ageColumn,
];

const queuingOf = ({ spec }: PriorityLevelConfiguration) => spec?.limited?.limitResponse?.queuing;
