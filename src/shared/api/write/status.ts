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
