/**
 * Kubernetes protobuf bodies → plain objects, equal to what decodeObject makes of the same object in JSON.
 * A body is `k8s\0` and a runtime.Unknown: apiVersion and kind (1), the bytes of the object (2).
 */
import { DecodeError } from './decode-error.ts';
import { type Field, type Ref, type Type, typeNameOf, typeOf } from './facts.ts';
import { maxDepth } from './mismatch.ts';
import { decodeSpecialMessage, magic } from './protobuf-special.ts';
import { delimited, fixed64, Reader, varint } from './wire.ts';
import { complete, isLeftOut, setOwn, sortedByKey, zeroOf } from './zero.ts';

type Json = Record<string, unknown>;

/** Is the outer message of a protobuf body; `raw` holds the object. */
export interface Envelope {
  apiVersion: string;
  kind: string;
  raw: Uint8Array;
}

/** Returns whether the body begins as Kubernetes' protobuf does. What follows may still be malformed. */
export const isProtobuf = (body: Uint8Array): boolean => magic.equals(body.subarray(0, magic.length));

/**
 * @param fallback what the body is when its envelope does not say.
 * @returns the object with kind and apiVersion.
 * @throws DecodeError when the bytes are no such object, whatever is wrong with them.
 */
export function decodeProtobuf<T = Json>(
  body: Uint8Array,
  fallback?: { apiVersion: string; kind: string },
): T {
  return decodeBody(body, fallback, 0) as T;
}

function decodeBody(
  body: Uint8Array,
  fallback: { apiVersion: string; kind: string } | undefined,
  depth: number,
): Json {
  const envelope = openEnvelope(body);
  const apiVersion = envelope.apiVersion || fallback?.apiVersion || '';
  const kind = envelope.kind || fallback?.kind || '';
  const object = readStruct(envelope.raw, typeOf(typeNameOfKind(apiVersion, kind)), depth);
  return { kind, apiVersion, ...object };
}

/** Reads the envelope and leaves the object in it undecoded. Throws DecodeError at anything else. */
export function openEnvelope(body: Uint8Array): Envelope {
  if (!isProtobuf(body)) {
    throw new DecodeError(
      'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]',
    );
  }
  const envelope: Envelope = { apiVersion: '', kind: '', raw: new Uint8Array() };
  for (const [number, reader, wire] of fieldsOfMessage(body.subarray(magic.length))) {
    if (number === 1) {
      for (const [part, inner, innerWire] of fieldsOfMessage(expectDelimited(reader, wire))) {
        if (part === 1) envelope.apiVersion = expectDelimited(inner, innerWire).toString();
        else if (part === 2) envelope.kind = expectDelimited(inner, innerWire).toString();
        else inner.skip(innerWire);
      }
    } else if (number === 2) envelope.raw = expectDelimited(reader, wire);
    else reader.skip(wire);
  }
  return envelope;
}

/** The type of a kind in protobuf; options and Status may come under any group. Throws DecodeError for others. */
export function typeNameOfKind(apiVersion: string, kind: string): string {
  const [version = '', group = ''] = apiVersion.split('/').reverse();
  const name = typeNameOf(group, version, kind) ?? typeNameOf('meta.k8s.io', 'v1', kind);
  if (name && typeOf(name).isKind) return name;
  const where = 'in scheme "pkg/runtime/scheme.go:111"';
  throw new DecodeError(
    `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(apiVersion)} ${where}`,
  );
}

/** One message without an envelope. */
export function decodeMessage(bytes: Uint8Array, typeName: string): Json {
  return readStruct(bytes, typeOf(typeName), 0);
}

/** The parts of messages that are not lists: together they are one message, which is read once it has all come. */
type Parts = Map<Field, Buffer[]>;

function readStruct(bytes: Uint8Array, type: Type, depth: number): Json {
  if (depth > maxDepth) throw new DecodeError('exceeded max depth');
  const output: Json = {};
  const parts: Parts = new Map();
  readFields(output, parts, bytes, type, depth);
  for (const [field, chunks] of parts) {
    const value = readMessage(field.ref, chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks), depth);
    if (isLeftOut(field, value)) delete output[field.name];
    else output[field.name] = value;
  }
  for (const { name, ref } of type.fields) {
    if (ref.is === 'map' && output[name] !== undefined) output[name] = sortedByKey(output[name] as Json);
  }
  return complete(output, type, false);
}

function readFields(output: Json, parts: Parts, bytes: Uint8Array, type: Type, depth: number): void {
  for (const [number, reader, wire] of fieldsOfMessage(bytes)) {
    const known = type.byNumber.get(number);
    if (!known) reader.skip(wire);
    else if ('inline' in known)
      readFields(output, parts, expectDelimited(reader, wire), known.inline, depth + 1);
    else readField(output, parts, known.field, reader, wire, depth);
  }
}

function readField(
  output: Json,
  parts: Parts,
  field: Field,
  reader: Reader,
  wire: number,
  depth: number,
): void {
  const { name, ref } = field;
  if (ref.is === 'list') {
    output[name] ??= [];
    readElements(output[name] as unknown[], ref.of, reader, wire, depth);
  } else if (ref.is === 'map') {
    output[name] ??= {};
    readEntry(output[name] as Json, ref.of, reader, wire, depth);
  } else if (ref.is === 'struct') {
    const earlier = parts.get(field);
    if (earlier) earlier.push(expectDelimited(reader, wire));
    else parts.set(field, [expectDelimited(reader, wire)]);
  } else {
    const value = readValue(ref, reader, wire, depth);
    if (isLeftOut(field, value)) delete output[name];
    else output[name] = value;
  }
}

/** Numbers may come packed. */
function readElements(list: unknown[], ref: Ref, reader: Reader, wire: number, depth: number): void {
  const isNumber = ref.is === 'scalar' && ref.name !== 'string' && ref.name !== 'bytes';
  if (!isNumber || wire !== delimited) {
    list.push(readValue(ref, reader, wire, depth));
    return;
  }
  const packed = new Reader(reader.delimited());
  const wireOfElement = ref.name === 'float64' ? fixed64 : varint;
  while (!packed.done) list.push(readValue(ref, packed, wireOfElement, depth));
}

function readEntry(map: Json, ref: Ref, reader: Reader, wire: number, depth: number): void {
  let key = '';
  let value = zeroOf(ref);
  for (const [number, entry, entryWire] of fieldsOfMessage(expectDelimited(reader, wire))) {
    if (number === 1) key = expectDelimited(entry, entryWire).toString();
    else if (number === 2) value = readValue(ref, entry, entryWire, depth);
    else entry.skip(entryWire);
  }
  setOwn(map, key, value);
}

function readMessage(ref: Ref, bytes: Buffer, depth: number): unknown {
  const type = typeOf((ref as { name: string }).name);
  const value = readStruct(bytes, type, depth + 1);
  return type.isList ? (value.items ?? []) : value;
}

function readValue(ref: Ref, reader: Reader, wire: number, depth: number): unknown {
  if (ref.is === 'enum') return expectDelimited(reader, wire).toString();
  if (ref.is === 'special') {
    return decodeSpecialMessage(ref.name, expectDelimited(reader, wire), {
      schema: (bytes) => readStruct(bytes, typeOf('JSONSchemaProps'), depth + 1),
      body: (bytes) => decodeBody(bytes, undefined, depth + 1),
    });
  }
  if (ref.is === 'struct') return readMessage(ref, expectDelimited(reader, wire), depth);
  if (ref.is !== 'scalar') throw new Error('protobuf has no lists of lists');
  switch (ref.name) {
    case 'string':
      return expectDelimited(reader, wire).toString();
    case 'bytes':
      return expectDelimited(reader, wire).toString('base64');
    case 'float64':
      expect(wire, fixed64);
      return reader.double();
    case 'bool':
      expect(wire, varint);
      return reader.bool();
    case 'int32':
    case 'int64':
      expect(wire, varint);
      return ref.name === 'int32' ? reader.int32() : reader.int64();
  }
}

/** Yields the fields of one message; the caller must read or skip the value of each. */
function* fieldsOfMessage(bytes: Uint8Array): Generator<[number, Reader, number]> {
  const reader = new Reader(bytes);
  while (!reader.done) {
    const { number, wire } = reader.tag();
    yield [number, reader, wire];
  }
}

function expectDelimited(reader: Reader, wire: number): Buffer {
  expect(wire, delimited);
  return reader.delimited();
}

function expect(wire: number, wanted: number): void {
  if (wire !== wanted) throw new DecodeError(`proto: wrong wireType = ${wire}`);
}
