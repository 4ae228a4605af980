/** The special types in protobuf: each is a small message of its own shape. */
import { parseExactJson } from '../../meta/integers.ts';
import { DecodeError } from './decode-error.ts';
import type { Special } from './field.ts';
import { canonicalQuantity } from './quantity.ts';
import { checkDepth } from './special.ts';
import { formatTime, timeParts } from './time.ts';
import { delimited, Reader, varint, Writer } from './wire.ts';

/** Reads the messages that special types may hold; handed in, since those readers need this file. */
export interface MessageReaders {
  /** Reads a JSONSchemaProps message. */
  schema(bytes: Uint8Array): unknown;
  /** Reads a whole protobuf body, which a RawExtension may hold. */
  body(bytes: Uint8Array): unknown;
}

/** Decodes the message of a type whose JSON form is not that of its fields, such as Quantity and Time. */
export function decodeSpecialMessage(name: Special, bytes: Buffer, readers: MessageReaders): unknown {
  const { ints, chunks } = partsOf(bytes);
  const int = (number: number): number => ints.get(number) ?? 0;
  const chunk = (number: number): Buffer | undefined => chunks.get(number)?.at(-1);
  const schemas = chunks.get(2) ?? [];
  const schema = chunk(1) && name.startsWith('JSONSchema') ? readers.schema(chunk(1)!) : null;
  switch (name) {
    case 'Quantity':
      return chunk(1) ? canonicalQuantity(chunk(1)!.toString()) : '0';
    case 'IntOrString':
      return int(1) === 1 ? (chunk(3)?.toString() ?? '') : int(2) | 0;
    case 'Time':
    case 'MicroTime':
      return bytes.length === 0 ? null : formatTime(int(1), Math.trunc(int(2) / 1000), name);
    case 'Duration':
      return `${int(1)}ns`;
    case 'RawExtension':
      if (chunk(1)?.subarray(0, 4).equals(magic)) return readers.body(chunk(1)!);
      return parseJson(chunk(1));
    case 'FieldsV1':
    case 'JSON':
      return parseJson(chunk(1));
    case 'JSONSchemaPropsOrBool':
      return chunk(2) ? readers.schema(chunk(2)!) : int(1) !== 0;
    case 'JSONSchemaPropsOrArray':
      return schemas.length > 0 ? schemas.map(readers.schema) : schema;
    case 'JSONSchemaPropsOrStringArray':
      return schemas.length > 0 ? schemas.map(String) : schema;
  }
}

/** `encodeSchema` writes a JSONSchemaProps message. */
export function encodeSpecialMessage(
  name: Special,
  value: unknown,
  encodeSchema: (v: unknown) => Buffer,
): Buffer {
  const writer = new Writer();
  const text = (number: number, chunk: string) => writer.tag(number, delimited).delimited(Buffer.from(chunk));
  const int = (number: number, n: number) => writer.tag(number, varint).int(n);
  const schema = (number: number, v: unknown) => writer.tag(number, delimited).delimited(encodeSchema(v));
  switch (name) {
    case 'Quantity':
      text(1, String(value));
      break;
    case 'IntOrString': {
      const isString = typeof value === 'string';
      int(1, isString ? 1 : 0);
      int(2, isString ? 0 : (value as number));
      text(3, isString ? value : '');
      break;
    }
    case 'Time':
    case 'MicroTime': {
      if (value === null) break;
      const { seconds, micros } = timeParts(value as string);
      int(1, seconds);
      int(2, name === 'Time' ? 0 : micros * 1000);
      break;
    }
    case 'Duration':
      int(1, Number.parseInt(value as string, 10));
      break;
    case 'RawExtension':
    case 'FieldsV1':
    case 'JSON':
      if (value !== null) text(1, JSON.stringify(value));
      break;
    case 'JSONSchemaPropsOrBool':
      int(1, value === false ? 0 : 1);
      if (typeof value === 'object') schema(2, value);
      break;
    case 'JSONSchemaPropsOrArray':
      if (Array.isArray(value)) for (const v of value) schema(2, v);
      else if (value !== null) schema(1, value);
      break;
    case 'JSONSchemaPropsOrStringArray':
      if (Array.isArray(value)) for (const v of value) text(2, v as string);
      else if (value !== null) schema(1, value);
  }
  return writer.bytes();
}

/** Begins every protobuf body of Kubernetes, before the envelope. */
export const magic = Buffer.from('k8s\0');

/** Numbers and bytes by field number, whatever the sender calls them. */
function partsOf(bytes: Buffer): { ints: Map<number, number>; chunks: Map<number, Buffer[]> } {
  const ints = new Map<number, number>();
  const chunks = new Map<number, Buffer[]>();
  const reader = new Reader(bytes);
  while (!reader.done) {
    const { number, wire } = reader.tag();
    if (wire === varint) ints.set(number, Number(reader.int64()));
    else if (wire === delimited) {
      const earlier = chunks.get(number);
      if (earlier) earlier.push(reader.delimited());
      else chunks.set(number, [reader.delimited()]);
    } else reader.skip(wire);
  }
  return { ints, chunks };
}

function parseJson(bytes: Buffer | undefined): unknown {
  if (!bytes || bytes.length === 0) return null;
  let value: unknown;
  try {
    value = parseExactJson(bytes.toString());
  } catch (error) {
    throw new DecodeError('a field that holds JSON holds something else', { cause: error });
  }
  checkDepth(value);
  return value;
}
