import type { Column } from '../../../kind.ts';
import { column, nameColumn, wideColumn } from '../../../printing/columns.ts';
import { since } from '../../../printing/duration.ts';
import type { Event } from '../../../schema/types.ts';

/** Events come in two forms: with count and timestamps of their own, and (eventTime, series) as events.k8s.io has it. */
export const columns: Column<Event>[] = [
  column('Last Seen', 'How long ago it happened last.', lastSeen),
  column('Type', 'Normal or Warning.', ({ type }) => type ?? ''),
  column('Reason', 'Why the event was given, as one word.', ({ reason }) => reason ?? ''),
  column('Object', 'What the event is about.', objectText),
  wideColumn(
    'Subobject',
    'Which part of that object.',
    ({ involvedObject }) => involvedObject.fieldPath ?? '',
  ),
  wideColumn('Source', 'Who reported it.', sourceText),
  column('Message', 'What happened.', ({ message }) => message?.trim() ?? ''),
  wideColumn('First Seen', 'How long ago it happened first.', firstSeen),
  wideColumn('Count', 'How often it happened.', ({ count, series }) =>
    series ? (series.count ?? 0) : count || 1,
  ),
  { ...nameColumn, priority: 1 },
];

function firstSeen({ firstTimestamp, eventTime }: Event, now: number): string {
  return since(firstTimestamp ?? eventTime, now);
}

function lastSeen(event: Event, now: number): string {
  if (event.series) return since(event.series.lastObservedTime, now);
  return event.lastTimestamp ? since(event.lastTimestamp, now) : firstSeen(event, now);
}

function objectText({ involvedObject: { kind = '', name } }: Event): string {
  return name ? `${kind.toLowerCase()}/${name}` : kind.toLowerCase();
}

function sourceText({ source, reportingComponent, reportingInstance }: Event): string {
  const component = source?.component || reportingComponent || '';
  const instance = source?.host || reportingInstance || '';
  return instance ? `${component}, ${instance}` : component;
}
