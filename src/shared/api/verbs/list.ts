import { findType } from '../../kinds/schema/facts.ts';
import type { ListMeta } from '../../kinds/schema/types.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Stored } from '../../ports/storage.ts';
import { type Representation, representationFor } from '../http/accept.ts';
import { jsonBytes, warningHeaders } from '../http/answer.ts';
import { encoded, isPretty } from '../http/encode.ts';
import { metadataOf, onlyMediaTypes } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import { type Read, readList } from '../list/read.ts';
import type { Call } from '../request.ts';
import { partialMetadata, rowsOf, tableHead, tableOf } from '../table/table.ts';
import { jsonList, type ListText, prettyList, yamlList } from './listText.ts';

/** GET of a collection. */
export async function list(call: Call): Promise<ApiResponse> {
  const { format, as } = listRepresentation(call);
  if (format === 'json' && !as && !isPretty(call.request)) {
    const read = await readList(call, true);
    if (call.request.peer.takesObjects) return { ...jsonBytes(200, none), objects: await eachOf(call, read) };
    return jsonBytes(200, await plainList(call, read));
  }
  const isText = format !== 'protobuf' && (!as || (as === 'Table' && format === 'json'));
  if (!isText) return respondList(call, await readList(call));
  const read = await readList(call, true);
  const headers = format === 'yaml' ? { 'content-type': 'application/yaml' } : undefined;
  return jsonBytes(200, await whole(textChunks(call, read, textOf(call, read))), headers);
}

/** Says how a list is written that is neither protobuf nor the stored bytes. */
function textOf(call: Call, { metadata }: Read): ListText {
  const { format, as, version = 'v1' } = listRepresentation(call);
  const { kind } = call.served;
  const inLines = isPretty(call.request);
  if (as) return (inLines ? prettyList : jsonList)(tableHead(call, metadata, version), 'rows', rowsOf(call));
  const item = kind.itemsSayTheirKind
    ? (object: AnyObject) => object
    : ({ kind: _kind, apiVersion: _apiVersion, ...rest }: AnyObject) => rest;
  const head = listHead(call, { metadata });
  return format === 'yaml' ? yamlList(head, item) : prettyList(head, 'items', item);
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

/** Throws NotAcceptable. */
export function listRepresentation({ request, served: { kind } }: Call): Representation {
  const representation = representationFor(request.header('accept'), true);
  const { as, asList } = representation;
  if (as === 'PartialObjectMetadata' && !asList) throw metadataOf(true, kind.group, kind.kind);
  return representation;
}

/** Returns what was read, parsed and as the client wants it. */
export const respondList = (call: Call, read: Read, warnings: string[] = []): ApiResponse =>
  respondObjects(call, read.items.map(call.served.parse), read.metadata, warnings);

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
    const apiVersion = `meta.k8s.io/${version}`;
    const kind = 'PartialObjectMetadataList';
    return encoded(200, { kind, apiVersion, metadata, items }, kind, encoding, headers);
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

const none = new Uint8Array();

async function eachOf({ served }: Call, read: Read): Promise<Uint8Array[]> {
  const objects: Uint8Array[] = [];
  for await (const items of partsOf(read)) for (const item of items) objects.push(served.bytes(item));
  return objects;
}

const chunkBytes = 128 * 1024;

/** The stored bytes one after the other, without parsing any: in one piece, or in chunks when they are many. */
const plainList = (call: Call, read: Read): Promise<ApiResponse['body']> => whole(listChunks(call, read));

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
