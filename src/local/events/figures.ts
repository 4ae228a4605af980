import type { Gathered } from '../../shared/observability/metrics.ts';
import type { QueueFigures } from './queue.ts';

const families = [
  ['told', 'shallop_events_delivered_total', 'counter', 'Events that a receiver took.'],
  ['failed', 'shallop_event_attempts_failed_total', 'counter', 'Attempts to deliver an event that failed.'],
  ['waiting', 'shallop_events_waiting', 'gauge', 'Events that wait to be delivered.'],
  ['dead', 'shallop_event_dead_letters', 'gauge', 'Events that nobody tries to deliver any more.'],
  ['lost', 'shallop_event_dead_letters_lost_total', 'counter', 'Dead letters that had to go for newer ones.'],
] as const;

/** What /metrics says of events. */
export const eventFigures = (read: () => QueueFigures): readonly Gathered[] =>
  families.map(([figure, name, type, help]) => ({
    ...{ name, help, type, labelNames: [] },
    read: () => [[{}, read()[figure]]],
  }));
