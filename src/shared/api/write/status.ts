import type { Kind } from '../../kinds/kind.ts';
import { typeOf } from '../../kinds/schema/facts.ts';
import { emptyStruct, inOrder } from '../../kinds/schema/zero.ts';
import type { AnyObject } from '../../meta/object.ts';

/** Clients do not write status through the main resource: a new object starts without one. */
export function resetStatus(kind: Kind, object: AnyObject): AnyObject {
  if (!kind.subresources?.status || kind.startsWithStatus) return object;
  const type = typeOf(kind.type);
  const field = type.byName.get('status');
  const { status: _dropped, ...rest } = object;
  if (!field || !type.present.includes(field) || field.ref.is !== 'struct') return rest as AnyObject;
  return inOrder({ ...rest, status: emptyStruct(typeOf(field.ref.name)) }, type) as AnyObject;
}

/** `object` with the status of `old`. */
export function withStatusOf(kind: Kind, object: AnyObject, old: AnyObject): AnyObject {
  if (!kind.subresources?.status) return object;
  const { status: _dropped, ...rest } = object;
  if (old.status === undefined) return rest as AnyObject;
  return inOrder({ ...rest, status: old.status }, typeOf(kind.type)) as AnyObject;
}

const statusMetadata = ['labels', 'annotations', 'finalizers'] as const;

/** A write to /status: everything else stays as it is but what controllers say more in the metadata. */
export function onlyStatus(kind: Kind, wanted: AnyObject, old: AnyObject): AnyObject {
  const { status: _old, ...kept } = old;
  const metadata: AnyObject['metadata'] = { ...kept.metadata };
  for (const field of statusMetadata) {
    if (field === 'labels' && kind.statusKeepsLabels) continue;
    delete metadata[field];
    if (wanted.metadata[field]) Object.assign(metadata, { [field]: wanted.metadata[field] });
  }
  const rest = { ...kept, metadata };
  if (wanted.status === undefined) return rest as AnyObject;
  return inOrder({ ...rest, status: wanted.status }, typeOf(kind.type)) as AnyObject;
}
