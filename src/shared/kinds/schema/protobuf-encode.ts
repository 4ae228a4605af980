/** Plain objects → Kubernetes protobuf, byte for byte as Go writes them. */
import type { Steps } from '../../meta/steps.ts';
import { type Field, type Ref, type Type, typeOf, type WireField } from './facts.ts';
import { encodeSpecialMessage, magic } from './protobuf-special.ts';
import { delimited, fixed64, varint, Writer } from './wire.ts';
import { zeroOf } from './zero.ts';

type Json = Record<string, unknown>;

/**
 * A whole body, with the envelope that names apiVersion and kind.
 * @param object as decodeObject gives it.
 */
export const encodeProtobuf = (object: Named, typeName: string): Buffer =>
  enveloped(object, encodeMessage(object as Json, typeName));

/** Does the same with a list, item by item: there may be any number of them. `head` is the list without its items. */
export function* encodeList(head: Named, typeName: string, items: Iterable<object>): Steps<Buffer> {
  const { byName, byNumber } = typeOf(typeName);
  const { ref } = byName.get('items')!;
  const [number] = [...byNumber].find(([, known]) => 'field' in known && known.field.name === 'items')!;
  const writer = new Writer();
  for (const item of items) {
    encodeValue(writer, number, (ref as Extract<Ref, { is: 'list' }>).of, item);
    yield;
  }
  // Items are the last field of every list.
  return enveloped(head, Buffer.concat([encodeMessage(head as Json, typeName), writer.bytes()]));
}

interface Named {
  apiVersion?: string;
  kind?: string;
}

function enveloped({ apiVersion = '', kind = '' }: Named, message: Buffer): Buffer {
  const typeMeta = new Writer();
  typeMeta.tag(1, delimited).delimited(Buffer.from(apiVersion));
  typeMeta.tag(2, delimited).delimited(Buffer.from(kind));
  const unknown = new Writer();
  unknown.tag(1, delimited).delimited(typeMeta.bytes());
  unknown.tag(2, delimited).delimited(message);
  unknown.tag(3, delimited).delimited(Buffer.alloc(0));
  unknown.tag(4, delimited).delimited(Buffer.alloc(0));
  return Buffer.concat([magic, unknown.bytes()]);
}

/** One message without an envelope. */
export const encodeMessage = (object: Json, typeName: string): Buffer =>
  encodeStruct(object, typeOf(typeName));

function encodeStruct(object: Json, type: Type): Buffer {
  const writer = new Writer();
  for (const [number, known] of inOrder(type)) {
    if ('inline' in known) writer.tag(number, delimited).delimited(encodeStruct(object, known.inline));
    else encodeField(writer, number, known.field, object[known.field.name]);
  }
  return writer.bytes();
}

const orders = new WeakMap<Type, [number, WireField][]>();

/** The fields in the order of their numbers, sorted once for each type. */
function inOrder(type: Type): [number, WireField][] {
  const found = orders.get(type) ?? [...type.byNumber].sort(([a], [b]) => a - b);
  orders.set(type, found);
  return found;
}

/** Go writes every field that is neither a nil pointer nor a nil slice, empty or not. */
function encodeField(writer: Writer, number: number, { ref, pointer }: Field, value: unknown): void {
  const absent = value === undefined || value === null;
  if (ref.is === 'list') {
    for (const element of (value as unknown[]) ?? []) encodeValue(writer, number, ref.of, element);
  } else if (ref.is === 'map') {
    for (const [key, inner] of Object.entries((value as Json) ?? {})) {
      const entry = new Writer();
      entry.tag(1, delimited).delimited(Buffer.from(key));
      encodeValue(entry, 2, ref.of, inner);
      writer.tag(number, delimited).delimited(entry.bytes());
    }
  } else if (absent) {
    const isNil = pointer || (ref.is === 'scalar' && ref.name === 'bytes');
    if (!isNil) encodeValue(writer, number, ref, zeroOf(ref));
  } else {
    encodeValue(writer, number, ref, value);
  }
}

function encodeValue(writer: Writer, number: number, ref: Ref, value: unknown): void {
  if (ref.is === 'scalar' && ref.name !== 'string' && ref.name !== 'bytes') {
    if (ref.name === 'float64') writer.tag(number, fixed64).double(value as number);
    else writer.tag(number, varint).int(typeof value === 'bigint' ? value : Number(value));
    return;
  }
  writer.tag(number, delimited).delimited(chunkOf(ref, value));
}

function chunkOf(ref: Ref, value: unknown): Buffer {
  switch (ref.is) {
    case 'special':
      return encodeSpecialMessage(ref.name, value, (schema) =>
        encodeMessage(schema as Json, 'JSONSchemaProps'),
      );
    case 'struct': {
      const type = typeOf(ref.name);
      return encodeStruct(type.isList ? { items: value } : ((value as Json) ?? {}), type);
    }
    case 'scalar':
      return Buffer.from(value as string, ref.name === 'bytes' ? 'base64' : 'utf8');
    case 'enum':
      return Buffer.from(value as string);
    default:
      throw new Error('protobuf has no lists of lists');
  }
}
