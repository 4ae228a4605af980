import { findType } from '../../kinds/schema/facts.ts';
import { encodeProtobuf } from '../../kinds/schema/protobuf-encode.ts';
import type { ListMeta } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Served } from '../served.ts';
import { notAcceptable } from './errors.ts';

/** A list for clients that take nothing but protobuf. Throws NotAcceptable for kinds without a list type. */
export function encodeList({ kind, apiVersion }: Served, items: AnyObject[], metadata: ListMeta): Buffer {
  const type = `${kind.type}List`;
  if (!findType(type)) throw notAcceptable(['application/json', 'application/yaml']);
  const list = { kind: `${kind.kind}List`, apiVersion, metadata, items };
  return encodeProtobuf(list, type);
}
