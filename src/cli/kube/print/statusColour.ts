import type { Colour } from '../../paint.ts';

/** Are the columns that say how an object fares. */
const columns = ['status', 'phase', 'ready', 'type'];

const good = /^(Running|Ready|Active|Bound|Completed?|Succeeded|Available|Approved.*|True)$/;
const bad =
  /(Err|BackOff|Fail|Evicted|OOMKilled|Invalid|NotReady|Lost|Unknown|Denied|Warning|OutOf|Unschedulable|CannotRun)/;
const underWay =
  /^(Pending|Terminating|ContainerCreating|PodInitializing|Init:.*|Waiting|Released|SchedulingGated|.*SchedulingDisabled|Suspended|Running,.*)$/;

/** Returns in which colour a cell of a column is read first; undefined: as any other. */
export function statusColour(column: string, cell: string): Colour | undefined {
  if (!columns.includes(column.toLowerCase())) return undefined;
  const [, ready, wanted] = /^(\d+)\/(\d+)$/.exec(cell) ?? [];
  if (wanted) return Number(ready) < Number(wanted) ? 'yellow' : undefined;
  if (bad.test(cell)) return 'red';
  return underWay.test(cell) ? 'yellow' : good.test(cell) ? 'green' : undefined;
}
