import type { Kind } from '../../kinds/kind.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Build, Index, Stored } from '../../storage/storage.ts';
import { encode } from '../http/respond.ts';

const decoder = new TextDecoder();

/** A stored object, parsed and in the form its kind shows. */
export function parseStored(stored: Stored, kind: Kind): AnyObject {
  const object = JSON.parse(decoder.decode(stored.value)) as AnyObject;
  return kind.storedAs ? kind.storedAs.fromStored(object) : object;
}

/** The bytes a GET answers: the stored ones wherever the kind is stored as it is shown. */
export const wireBytes = (stored: Stored, kind: Kind): Uint8Array =>
  kind.storedAs ? encode(JSON.stringify(parseStored(stored, kind))) : stored.value;

/** Encodes once the revision is known; kind and apiVersion come first, so that lists can cut them off unparsed. */
export const builder =
  (object: AnyObject): Build =>
  (revision) => {
    object.metadata.resourceVersion = revision;
    const { kind, apiVersion, metadata, ...rest } = object;
    return encode(JSON.stringify({ kind, apiVersion, metadata, ...rest }));
  };

/** What an object's kind stores; the kind itself where that is the same. */
export const toStored = (object: AnyObject, kind: Kind): AnyObject =>
  kind.storedAs ? kind.storedAs.toStored(object) : object;

/** The hot metadata that selectors and owners ask for. */
export function indexOf(object: AnyObject, kind: Kind): Index {
  const { labels, ownerReferences } = object.metadata;
  const index: Index = {};
  if (labels && Object.keys(labels).length > 0) index.labels = labels;
  if (ownerReferences?.length) index.owners = ownerReferences.map(({ uid }) => uid);
  if (kind.selectableFields) {
    index.fields = {};
    for (const [field, read] of Object.entries(kind.selectableFields)) index.fields[field] = read(object);
  }
  return index;
}
