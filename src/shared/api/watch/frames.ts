import { toStatus } from '../../errors/status.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Representation } from '../http/accept.ts';
import type { Call } from '../request.ts';
import { partialMetadata, tableOf } from '../table/table.ts';
import { type EventType, eventLine, plainLine } from './encode.ts';
import { asTooOld, bookmarkMetadata, type Frames } from './frame.ts';
import { protobufFrames } from './protobufFrames.ts';

/** The frames of a watch in the representation that its client asked for. */
export function framesOf(call: Call, { format, as, version = 'v1' }: Representation): Frames {
  if (format === 'protobuf') return protobufFrames(call, as && version);
  const { served, encoder } = call;
  const { kind, apiVersion } = served;
  let withColumns = true;
  const table = (object: AnyObject) => {
    const { resourceVersion } = object.metadata;
    const value = tableOf(call, [object], { resourceVersion }, version, withColumns);
    withColumns = false;
    return value;
  };
  const formed = (type: EventType, stored: Stored) => {
    const object = served.parse(stored);
    return eventLine(type, as === 'Table' ? table(object) : partialMetadata(object, version));
  };
  return {
    event: ({ type, stored }) => (as ? formed(type, stored) : encoder.plain(served, type, stored)),
    initial: (stored) => (as ? formed('ADDED', stored) : plainLine(served, 'ADDED', stored)),
    bookmark: (revision, initialEventsEnd) => {
      const metadata = bookmarkMetadata(revision, initialEventsEnd);
      if (as === 'Table') return eventLine('BOOKMARK', emptyTable(call, metadata, version));
      if (as) return eventLine('BOOKMARK', partialMetadata({ metadata }, version));
      return eventLine('BOOKMARK', { kind: kind.kind, apiVersion, metadata });
    },
    error: (error) => eventLine('ERROR', toStatus(asTooOld(error))),
  };
}

/** A bookmark's row is that of an object which has nothing but a revision. */
function emptyTable({ served }: Call, metadata: AnyObject['metadata'], version: string) {
  const cells = served.kind.columns.map(({ type, name }) =>
    name === 'Age' || type === 'date' ? '<unknown>' : type === 'string' ? '' : 0,
  );
  return {
    kind: 'Table',
    apiVersion: `meta.k8s.io/${version}`,
    metadata: { resourceVersion: metadata.resourceVersion },
    columnDefinitions: null,
    rows: [{ cells, object: partialMetadata({ metadata }) }],
  };
}
