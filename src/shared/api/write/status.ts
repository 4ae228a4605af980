import type { Kind } from '../../kinds/kind.ts';
import type { AnyObject } from '../../meta/object.ts';

/** Clients do not write status through the main resource: a new object starts without one. */
export function resetStatus(kind: Kind, object: AnyObject): AnyObject {
  if (!kind.subresources?.status || kind.startsWithStatus) return object;
  const { status: _dropped, ...rest } = object;
  const status = kind.schema.emptyStatus();
  return status ? kind.schema.ordered({ ...rest, status } as AnyObject) : (rest as AnyObject);
}

/** `object` with the status of `old`. */
export function withStatusOf(kind: Kind, object: AnyObject, old: AnyObject): AnyObject {
  if (!kind.subresources?.status) return object;
  const { status: _dropped, ...rest } = object;
  if (old.status === undefined) return rest as AnyObject;
  return kind.schema.ordered({ ...rest, status: old.status } as AnyObject);
}

const statusMetadata = ['labels', 'annotations', 'finalizers'] as const;

/** A write to /status: everything else stays as it is but what controllers say more in the metadata. */
export function onlyStatus(kind: Kind, wanted: AnyObject, old: AnyObject): AnyObject {
  const { status: _old, ...kept } = old;
  const metadata: AnyObject['metadata'] = { ...kept.metadata };
  for (const field of kind.statusKeepsMetadata ? [] : statusMetadata) {
    if (field === 'labels' && kind.statusKeepsLabels) continue;
    delete metadata[field];
    if (wanted.metadata[field]) Object.assign(metadata, { [field]: wanted.metadata[field] });
  }
  const rest = { ...kept, metadata };
  if (wanted.status === undefined) return rest as AnyObject;
  return kind.schema.ordered({ ...rest, status: wanted.status } as AnyObject);
}
