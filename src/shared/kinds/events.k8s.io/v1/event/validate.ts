import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { validateEvent } from '../../../core/v1/event/validate.ts';
import type { Event, EventsV1Event, ObjectReference } from '../../../schema/types.ts';
import { invalidValue, required } from '../../../validation/causes.ts';
import { immutable } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { toCore } from './convert.ts';

/** Stricter than for the core form. Findings speak of the core form's fields, as those of Kubernetes do. */
export function validate(object: EventsV1Event, old?: EventsV1Event): Cause[] {
  const event = toCore(object);
  const causes = validateEvent(event, 'reportingController');
  return [...causes, ...(old ? changes(event, toCore(old)) : creation(event))];
}

function creation(event: Event): Cause[] {
  const causes = validSeries(event);
  if (!event.eventTime) causes.push(required('eventTime'));
  if (event.type !== 'Normal' && event.type !== 'Warning') {
    causes.push(invalidValue('type', '', `has invalid value: ${event.type ?? ''}`));
  }
  const outdated = {
    firstTimestamp: event.firstTimestamp,
    lastTimestamp: event.lastTimestamp,
    count: event.count,
    source: event.source?.component || event.source?.host,
  };
  for (const [field, value] of Object.entries(outdated)) {
    if (value) causes.push(invalidValue(field, '', 'needs to be unset'));
  }
  return causes;
}

const kept = [
  'involvedObject',
  'reason',
  'message',
  'source',
  'firstTimestamp',
  'lastTimestamp',
  'count',
  'reason',
  'type',
  'eventTime',
  'action',
  'related',
] as const;

const texts: string[] = ['reason', 'message', 'type', 'action'];

function shownOf(field: (typeof kept)[number], event: Event): unknown {
  if (field === 'involvedObject' || field === 'related') return shownReference(event[field]);
  if (field === 'source') return { Component: event.source?.component ?? '', Host: event.source?.host ?? '' };
  return event[field] ?? (texts.includes(field) ? '' : null);
}

/** Kubernetes shows it with the absent fields, under the names in its own code. */
const shownReference = (ref: ObjectReference | undefined) =>
  ref
    ? {
        Kind: ref.kind ?? '',
        Namespace: ref.namespace ?? '',
        Name: ref.name ?? '',
        UID: ref.uid ?? '',
        APIVersion: ref.apiVersion ?? '',
        ResourceVersion: ref.resourceVersion ?? '',
        FieldPath: ref.fieldPath ?? '',
      }
    : null;

/** Only the series goes on. */
function changes(event: Event, old: Event): Cause[] {
  const causes = isSame(event.series, old.series) ? [] : validSeries(event);
  for (const field of kept) {
    addAll(
      causes,
      immutable(field, event[field], old[field], () => shownOf(field, event)),
    );
  }
  addAll(causes, immutable('reportingController', event.reportingComponent, old.reportingComponent));
  addAll(causes, immutable('reportingInstance', event.reportingInstance, old.reportingInstance));
  return causes;
}

function validSeries({ series }: Event): Cause[] {
  if (!series) return [];
  const causes = (series.count ?? 0) < 2 ? [invalidValue('series.count', '', 'should be at least 2')] : [];
  if (!series.lastObservedTime) causes.push(required('series.lastObservedTime'));
  return causes;
}
