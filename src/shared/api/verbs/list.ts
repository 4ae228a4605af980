import { findType } from '../../kinds/schema/facts.ts';
import { encodeList } from '../../kinds/schema/protobuf-encode.ts';
import type { ListMeta } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import { inTurns } from '../../meta/steps.ts';
import type { Stored } from '../../ports/storage.ts';
import { type Representation, representationFor } from '../http/accept.ts';
import { jsonBytes, warningHeaders } from '../http/answer.ts';
import { encoded, isPretty } from '../http/encode.ts';
import { metadataOf, onlyMediaTypes } from '../http/errors.ts';
import { protobufType } from '../http/mediaTypes.ts';
import type { ApiResponse } from '../http/message.ts';
import { type Read, readList } from '../list/read.ts';
import type { Call } from '../request.ts';
import { partialMetadata, rowsOf, tableHead, tableOf } from '../table/table.ts';
import { jsonList, type ListText, prettyList, yamlList } from './listText.ts';

/** GET of a collection. */
export async function list(call: Call): Promise<ApiResponse> {
  const representation = listRepresentation(call);
  const read = await readList(call, isWrittenInParts(representation));
  if (call.request.peer.takesObjects && isAsStored(call, representation))
    return { ...jsonBytes(200, none), objects: await eachOf(call, read) };
  return respondList(call, read);
}

/** Returns whether a client takes the stored bytes, one object after the other. */
const isAsStored = ({ request }: Call, { format, as }: Representation): boolean =>
  format === 'json' && !as && !isPretty(request);

/** Protobuf begins with its length, and hardly anybody wants the others. */
const isWrittenInParts = ({ format, as }: Representation): boolean =>
  format === 'json' || (format === 'yaml' && !as);

/** Throws NotAcceptable. */
export function listRepresentation({ request, served: { kind } }: Call): Representation {
  const representation = representationFor(request.header('accept'), true);
  const { as, asList } = representation;
  if (as === 'PartialObjectMetadata' && !asList) throw metadataOf(true, kind.group, kind.kind);
  return representation;
}

/** Returns what was read as the client wants it. */
export async function respondList(call: Call, read: Read, warnings: string[] = []): Promise<ApiResponse> {
  const representation = listRepresentation(call);
  if (representation.format === 'protobuf' && representation.as !== 'Table')
    return protobufOf(call, read, representation, warnings);
  if (!isWrittenInParts(representation))
    return respondObjects(call, read.items.map(call.served.parse), read.metadata, warnings);
  const chunks = isAsStored(call, representation)
    ? listChunks(call, read)
    : textChunks(call, read, textOf(call, read, representation));
  const headers = warningHeaders(warnings);
  const type = representation.format === 'yaml' && { 'content-type': 'application/yaml' };
  return jsonBytes(200, await whole(chunks), { ...headers, ...type });
}

async function protobufOf(
  call: Call,
  { items, metadata }: Read,
  { as, version = 'v1' }: Representation,
  warnings: string[],
): Promise<ApiResponse> {
  const { served, deps } = call;
  const head = as ? { ...partialHead(version), metadata } : listHead(call, { metadata });
  const type = as ? head.kind : findType(`${served.kind.schema.goType}List`)?.name;
  if (!type) throw onlyMediaTypes();
  function* objects() {
    for (const stored of items) {
      const object = served.parse(stored);
      yield as ? partialMetadata(object, version) : object;
    }
  }
  const bytes = await inTurns(encodeList(head, type, objects()), deps.turn);
  return jsonBytes(200, bytes, { ...warningHeaders(warnings), 'content-type': protobufType });
}

/** Says how a list is written that is neither protobuf nor the stored bytes. */
function textOf(call: Call, { metadata }: Read, { format, as, version = 'v1' }: Representation): ListText {
  const { kind } = call.served;
  const inJson = isPretty(call.request) ? prettyList : jsonList;
  if (as === 'Table') return inJson(tableHead(call, metadata, version), 'rows', rowsOf(call));
  if (as)
    return inJson({ ...partialHead(version), metadata }, 'items', (object) =>
      partialMetadata(object, version),
    );
  const item = kind.itemsSayTheirKind
    ? (object: AnyObject) => object
    : ({ kind: _kind, apiVersion: _apiVersion, ...rest }: AnyObject) => rest;
  const head = listHead(call, { metadata });
  return format === 'yaml' ? yamlList(head, item) : inJson(head, 'items', item);
}

async function* textChunks(
  { deps, served }: Call,
  read: Read,
  { before, item, write, between, after, empty }: ListText,
): AsyncGenerator<Uint8Array> {
  let text = before;
  let isEmpty = true;
  for await (const items of partsOf(read))
    for (const stored of items) {
      text += `${isEmpty ? '' : between}${write(item(served.parse(stored)))}`;
      isEmpty = false;
      const wait = deps.turn?.();
      if (wait) await wait;
      if (text.length < chunkBytes) continue;
      yield Buffer.from(text);
      text = '';
    }
  yield Buffer.from(isEmpty ? empty : text + after);
}

/** The same of objects that are not stored. */
export function respondObjects(
  call: Call,
  objects: AnyObject[],
  metadata: ListMeta,
  warnings: string[] = [],
): ApiResponse {
  const { format, as, version = 'v1' } = listRepresentation(call);
  const encoding = { format, pretty: isPretty(call.request) };
  const headers = warningHeaders(warnings);
  if (as === 'Table')
    return encoded(200, tableOf(call, objects, metadata, version), 'Table', encoding, headers);
  if (as) {
    const items = objects.map((object) => partialMetadata(object, version));
    const head = partialHead(version);
    return encoded(200, { ...head, metadata, items }, head.kind, encoding, headers);
  }
  const { goType } = call.served.kind.schema;
  if (format === 'protobuf' && !goType) throw onlyMediaTypes();
  const type = goType && findType(`${goType}List`)?.name;
  const items = call.served.kind.itemsSayTheirKind
    ? objects
    : objects.map(({ kind: _kind, apiVersion: _apiVersion, ...rest }) => rest);
  return encoded(200, { ...listHead(call, { metadata }), items }, type, encoding, headers);
}

/** Returns the fields of a list that come before its items. */
const listHead = ({ served: { kind, apiVersion } }: Call, { metadata }: { metadata: ListMeta }) => ({
  kind: kind.listKind ?? `${kind.kind}List`,
  apiVersion,
  metadata: kind.itemsSayTheirKind ? { continue: '', ...metadata } : metadata,
});

const partialHead = (version: string) => ({
  kind: 'PartialObjectMetadataList',
  apiVersion: `meta.k8s.io/${version}`,
});

const none = new Uint8Array();

async function eachOf({ served }: Call, read: Read): Promise<Uint8Array[]> {
  const objects: Uint8Array[] = [];
  for await (const items of partsOf(read)) for (const item of items) objects.push(served.bytes(item));
  return objects;
}

const chunkBytes = 128 * 1024;

/** In one piece where there is only one. */
async function whole(chunks: AsyncGenerator<Uint8Array>): Promise<ApiResponse['body']> {
  const first = (await chunks.next()).value as Uint8Array;
  const second = await chunks.next();
  if (second.done) return first;
  return (async function* () {
    yield first;
    yield second.value;
    yield* chunks;
  })();
}

const comma = Buffer.from(',');
const brace = Buffer.from('{');
const end = Buffer.from(']}\n');

/** Writes the stored bytes one after the other, without parsing any. */
async function* listChunks(call: Call, read: Read): AsyncGenerator<Uint8Array> {
  const { served } = call;
  const head = JSON.stringify(listHead(call, read)).slice(0, -1);
  let parts: Uint8Array[] = [Buffer.from(`${head},"items":[`)];
  let size = 0;
  let first = true;
  for await (const items of partsOf(read)) {
    for (const item of items) {
      const bytes = served.bytes(item);
      if (!first) parts.push(comma);
      first = false;
      // Items of a typed list mostly go without kind and apiVersion, which stand first.
      if (served.kind.itemsSayTheirKind) parts.push(bytes);
      else parts.push(brace, bytes.subarray(served.prefix.length));
      size += bytes.length;
      if (size < chunkBytes) continue;
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
    }
  }
  parts.push(end);
  yield Buffer.concat(parts);
}

async function* partsOf({ items, more }: Read): AsyncGenerator<Stored[]> {
  yield items;
  if (more) yield* more;
}
