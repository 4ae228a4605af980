import type { Level } from './level.ts';
import type { Ticket } from './ticket.ts';

/** Returns what stands behind /debug/api_priority_and_fairness/NAME, as a real server prints it; undefined: nothing. */
export function dump(name: string, levels: ReadonlyMap<string, Level>): string | undefined {
  const sorted = [...levels].sort(([a], [b]) => (a < b ? -1 : 1));
  if (name === 'dump_priority_levels') return printed([levelHead, ...sorted.map(levelRow)]);
  if (name === 'dump_queues') return printed([queueHead, ...sorted.flatMap(queueRows)]);
  if (name === 'dump_requests') return printed([requestHead, ...sorted.flatMap(requestRows)]);
  return undefined;
}

type Named = [name: string, level: Level];

const levelHead = [
  ...['PriorityLevelName', 'ActiveQueues', 'IsIdle', 'IsQuiescing', 'WaitingRequests', 'ExecutingRequests'],
  ...['DispatchedRequests', 'RejectedRequests', 'TimedoutRequests', 'CancelledRequests'],
];

const levelRow = ([name, { queues, isRetired }]: Named) => [
  name,
  queues.queues.filter(({ waiting }) => waiting.size > 0).length,
  queues.isIdle,
  isRetired,
  queues.waiting,
  queues.executing,
  queues.dispatched,
  queues.rejected,
  0,
  queues.cancelled,
];

const queueHead = [
  ...['PriorityLevelName', 'Index', 'PendingRequests', 'ExecutingRequests', 'SeatsInUse', 'NextDispatchR'],
  ...['InitialSeatsSum', 'MaxSeatsSum', 'TotalWorkSum'],
];

const queueRows = ([name, { queues }]: Named) =>
  queues.queues.map((queue) => [
    name,
    queue.index,
    queue.waiting.size,
    queue.executing.size,
    queue.seatsInUse,
    `${queue.nextDispatch.toFixed(8)}ss`,
    queue.seatsWaiting,
    queue.seatsWaiting,
    `${(queue.seatsWaiting * 0.003).toFixed(8)}ss`,
  ]);

const requestHead = [
  ...['PriorityLevelName', 'FlowSchemaName', 'QueueIndex', 'RequestIndexInQueue', 'FlowDistingsher'],
  ...['InitialSeats', 'FinalSeats', 'AdditionalLatency'],
];

const requestRows = ([name, { queues }]: Named) =>
  queues.queues.flatMap((queue) => [
    ...[...queue.waiting].map((ticket, i) => requestRow(name, queue.index, i, ticket)),
    ...[...queue.executing].map((ticket) => requestRow(name, queue.index, -1, ticket)),
  ]);

const requestRow = (name: string, queue: number, index: number, { schema, flow, seats }: Ticket) => [
  name,
  schema,
  queue,
  index,
  flow.slice(schema.length + 1).replaceAll('\0', ' '),
  seats,
  0,
  '0s',
];

/** As text/tabwriter: columns are at least eight wide, and a comma ends each but the last. */
function printed(rows: readonly (readonly unknown[])[]): string {
  const cells = rows.map((row) => row.map((cell, i) => `${cell}${i < row.length - 1 ? ',' : ''}`));
  const widths = (cells[0] ?? []).map((_, i) => Math.max(8, ...cells.map((row) => row[i]!.length + 1)));
  return cells
    .map((row) => `${row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i]!) : cell)).join('')}\n`)
    .join('');
}
