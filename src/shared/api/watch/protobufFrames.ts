import { toStatus } from '../../errors/status.ts';
import { encodeProtobuf } from '../../kinds/schema/protobuf-encode.ts';
import { delimited, Writer } from '../../kinds/schema/wire.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import { onlyMediaTypes } from '../http/errors.ts';
import type { Call } from '../request.ts';
import { partialMetadata } from '../table/table.ts';
import { asTooOld, bookmarkMetadata, type Frames } from './frame.ts';

/** The frames of a watch in protobuf: a length of four bytes, then a WatchEvent. `metadataAs`: metadata alone. */
export function protobufFrames({ served }: Call, metadataAs: string | undefined): Frames {
  const { kind, apiVersion } = served;
  const { goType = '' } = kind.schema;
  if (!metadataAs && !goType) throw onlyMediaTypes(['application/json', 'application/yaml']);
  const body = (object: AnyObject) =>
    metadataAs
      ? encodeProtobuf(partialMetadata(object, metadataAs), 'PartialObjectMetadata')
      : encodeProtobuf(object, goType);
  const stored = (type: string, object: Stored) => frame(type, body(served.parse(object)));
  return {
    event: ({ type, stored: object }) => stored(type, object),
    initial: (object) => stored('ADDED', object),
    bookmark: (revision, initialEventsEnd) => {
      const metadata = bookmarkMetadata(revision, initialEventsEnd);
      return frame('BOOKMARK', body({ kind: kind.kind, apiVersion, metadata }));
    },
    error: (error) => frame('ERROR', encodeProtobuf(toStatus(asTooOld(error)), 'Status')),
  };
}

/** WatchEvent{1: type, 2: RawExtension{1: raw}}. */
function frame(type: string, object: Uint8Array): Uint8Array {
  const raw = new Writer();
  raw.tag(1, delimited).delimited(object);
  const event = new Writer();
  event.tag(1, delimited).delimited(Buffer.from(type));
  event.tag(2, delimited).delimited(raw.bytes());
  const bytes = event.bytes();
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return Buffer.concat([length, bytes]);
}
