/** The two forms of an Event. Fields stand in the order in which Kubernetes writes them. */
import type { Event, EventSeries, EventsV1Event, EventsV1EventSeries } from '../../../schema/types.ts';

/** Times that are always written, as null when there is none. */
type Nullable = string | undefined;
const noTime = null as unknown as string;

/** Converts an Event of events.k8s.io into the core form, in which Events are stored. */
export function toCore(event: EventsV1Event): Event {
  return {
    kind: 'Event',
    apiVersion: 'v1',
    metadata: event.metadata,
    involvedObject: event.regarding ?? {},
    ...(event.reason && { reason: event.reason }),
    ...(event.note && { message: event.note }),
    source: event.deprecatedSource ?? {},
    firstTimestamp: (event.deprecatedFirstTimestamp as Nullable) ?? noTime,
    lastTimestamp: (event.deprecatedLastTimestamp as Nullable) ?? noTime,
    ...(event.deprecatedCount && { count: event.deprecatedCount }),
    ...(event.type && { type: event.type }),
    eventTime: (event.eventTime as Nullable) ?? noTime,
    ...(event.series && { series: coreSeries(event.series) }),
    ...(event.action && { action: event.action }),
    ...(event.related && { related: event.related }),
    reportingComponent: event.reportingController ?? '',
    reportingInstance: event.reportingInstance ?? '',
  };
}

/** Converts a stored Event into the form of events.k8s.io; older fields go to the `deprecated` ones. */
export function fromCore(event: Event): EventsV1Event {
  return {
    kind: 'Event',
    apiVersion: 'events.k8s.io/v1',
    metadata: event.metadata,
    eventTime: event.eventTime ?? noTime,
    ...(event.series && { series: newerSeries(event.series) }),
    ...(event.reportingComponent && { reportingController: event.reportingComponent }),
    ...(event.reportingInstance && { reportingInstance: event.reportingInstance }),
    ...(event.action && { action: event.action }),
    ...(event.reason && { reason: event.reason }),
    regarding: event.involvedObject,
    ...(event.related && { related: event.related }),
    ...(event.message && { note: event.message }),
    ...(event.type && { type: event.type }),
    deprecatedSource: event.source ?? {},
    deprecatedFirstTimestamp: event.firstTimestamp ?? noTime,
    deprecatedLastTimestamp: event.lastTimestamp ?? noTime,
    ...(event.count && { deprecatedCount: event.count }),
  };
}

/** Only the newer form writes an empty count or time. */
const coreSeries = ({ count, lastObservedTime }: EventsV1EventSeries): EventSeries => ({
  ...(count && { count }),
  lastObservedTime: (lastObservedTime as Nullable) ?? noTime,
});

const newerSeries = ({ count, lastObservedTime }: EventSeries): EventsV1EventSeries => ({
  count: count ?? 0,
  lastObservedTime: lastObservedTime ?? noTime,
});
