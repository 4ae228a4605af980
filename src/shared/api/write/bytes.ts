import { mostStoredBytes, tooLargeToStore } from '../../errors/storedSize.ts';
import { typeOf } from '../../kinds/schema/facts.ts';
import { inOrder } from '../../kinds/schema/zero.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Build, Index } from '../../ports/storage.ts';
import type { Served } from '../served.ts';

const metaType = typeOf('ObjectMeta');

/** The object in the order in which a real server writes it: kind, apiVersion, metadata, then the rest. */
export const ordered = (object: AnyObject): AnyObject => withMetadata(object, object.metadata);

function withMetadata(object: AnyObject, metadata: AnyObject['metadata']): AnyObject {
  const { kind, apiVersion, metadata: _metadata, ...rest } = object;
  return {
    kind,
    apiVersion,
    metadata: inOrder(metadata as unknown as Record<string, unknown>, metaType),
    ...rest,
  } as AnyObject;
}

/** Throws Unknown (500) in the words of a real server, whose storage is the one to refuse. */
function checkSize(text: string, revision: string): void {
  const mayBeTooLarge = text.length > mostStoredBytes / 3;
  if (mayBeTooLarge && Buffer.byteLength(text) - revision.length > mostStoredBytes) throw tooLargeToStore();
}

const marker = '"resourceVersion":"';

/** Writes the object once; the revision is put in when storage knows it. Throws for more than storage takes. */
export const buildOf = (object: AnyObject): Build => buildFrom(textWithRevision(object, ''), '');

/**
 * Does the same with what `textWithRevision` has written. The first resourceVersion in the text is the object's own,
 * since only strings, whose quotes are escaped, can stand before it.
 */
export function buildFrom(text: string, written: string): Build {
  checkSize(text, written);
  const at = text.indexOf(marker) + marker.length;
  const head = text.slice(0, at);
  const tail = text.slice(at + written.length);
  // Not by joining them: that would be one more copy of the whole text.
  const size = Buffer.byteLength(text) - written.length;
  return (revision) => {
    const bytes = Buffer.allocUnsafe(size + revision.length);
    const end = bytes.write(head) + revision.length;
    bytes.write(revision, end - revision.length);
    bytes.write(tail, end);
    return bytes;
  };
}

/** Returns what storage would hold if the object had that revision. */
export function textWithRevision(object: AnyObject, resourceVersion: string): string {
  return JSON.stringify(withMetadata(object, { ...object.metadata, resourceVersion }));
}

/** Returns what stands beside the bytes so that selectors and owners need no parsing. */
export function indexOf(served: Served, object: AnyObject, cluster: string): Index {
  const { labels, ownerReferences } = object.metadata;
  const fields = served.fields(object);
  const claims = served.kind.claims?.(object, cluster);
  const index: Index = {};
  if (labels) index.labels = labels;
  if (ownerReferences?.length) index.owners = ownerReferences.map(({ uid }) => uid);
  if (fields) index.fields = fields;
  if (claims?.length) index.claims = claims;
  return index;
}

/** The object as storage keeps it, for kinds that are views of another. */
export const toStored = (served: Served, object: AnyObject): AnyObject =>
  served.kind.storedAs ? served.kind.storedAs.toStored(object) : object;
