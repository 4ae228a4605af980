import type { AnyObject } from '../../../../meta/object.ts';
import { event as coreEvent } from '../../../core/v1/event/index.ts';
import type { Column, Kind } from '../../../kind.ts';
import { goSchema } from '../../../schema/goSchema.ts';
import type { Event, EventsV1Event } from '../../../schema/types.ts';
import { allVerbs } from '../../../verbs.ts';
import { fromCore, toCore } from './convert.ts';
import { validate } from './validate.ts';

/** The newer form of the same objects: reporters write it, `kubectl events` and old clients read the core form. */
export const event: Kind<EventsV1Event> = {
  group: 'events.k8s.io',
  version: 'v1',
  kind: 'Event',
  plural: 'events',
  singular: 'event',
  shortNames: ['ev'],
  namespaced: true,
  verbs: allVerbs,
  schema: goSchema('EventsV1Event'),
  validate,
  columns: coreEvent.columns.map(
    (column): Column<EventsV1Event> => ({
      ...column,
      value: (object, now) => column.value(toCore(object), now),
    }),
  ),
  selectableFields: {
    'regarding.kind': ({ regarding }) => regarding?.kind ?? '',
    'regarding.namespace': ({ regarding }) => regarding?.namespace ?? '',
    'regarding.name': ({ regarding }) => regarding?.name ?? '',
    'regarding.uid': ({ regarding }) => regarding?.uid ?? '',
    'regarding.apiVersion': ({ regarding }) => regarding?.apiVersion ?? '',
    'regarding.resourceVersion': ({ regarding }) => regarding?.resourceVersion ?? '',
    'regarding.fieldPath': ({ regarding }) => regarding?.fieldPath ?? '',
    reason: ({ reason }) => reason ?? '',
    reportingController: ({ reportingController }) => reportingController ?? '',
    type: ({ type }) => type ?? '',
  },
  storedAs: {
    resource: 'events',
    toStored: (object) => toCore(object) as unknown as AnyObject,
    fromStored: (stored) => fromCore(stored as unknown as Event),
  },
};
