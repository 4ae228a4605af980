import type { Stored } from '../../storage/storage.ts';
import { type Representation, representationFor } from '../http/accept.ts';
import { json, jsonBytes } from '../http/answer.ts';
import type { ApiResponse } from '../http/message.ts';
import { encodeList } from '../http/protobufList.ts';
import { toYaml } from '../http/yaml.ts';
import { type Read, readList } from '../list/read.ts';
import type { Call } from '../request.ts';
import { partialMetadata, tableOf } from '../table/table.ts';

/** GET of a collection. */
export async function list(call: Call): Promise<ApiResponse> {
  const representation = representationFor(call.request.header('accept'));
  const { format, as } = representation;
  if (format === 'json' && !as && !call.query.flag('pretty'))
    return jsonBytes(200, await plainList(call, await readList(call, true)));
  return respondList(call, await readList(call), representation);
}

function respondList(call: Call, read: Read, representation: Representation): ApiResponse {
  const { format, as, version = 'v1' } = representation;
  const objects = read.items.map(call.served.parse);
  if (format === 'protobuf')
    return jsonBytes(200, encodeList(call.served, objects, read.metadata), {
      'content-type': 'application/vnd.kubernetes.protobuf',
    });
  const value =
    as === 'Table'
      ? tableOf(call, objects, read.metadata, version)
      : as
        ? {
            kind: 'PartialObjectMetadataList',
            apiVersion: `meta.k8s.io/${version}`,
            metadata: read.metadata,
            items: objects.map(partialMetadata),
          }
        : { ...listHead(call, read), items: objects.map(({ kind: _k, apiVersion: _v, ...rest }) => rest) };
  if (format === 'yaml')
    return jsonBytes(200, Buffer.from(toYaml(value)), { 'content-type': 'application/yaml' });
  if (call.query.flag('pretty')) return jsonBytes(200, Buffer.from(JSON.stringify(value, undefined, 2)));
  return json(200, value);
}

export const listHead = ({ served: { kind, apiVersion } }: Call, { metadata }: Read) => ({
  kind: `${kind.kind}List`,
  apiVersion,
  metadata,
});

const chunkBytes = 128 * 1024;

/** The stored bytes one after the other, without parsing any: in one piece, or in chunks when they are many. */
async function plainList(call: Call, read: Read): Promise<ApiResponse['body']> {
  const chunks = listChunks(call, read);
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
      // Items of a typed list go without kind and apiVersion, which stand first.
      parts.push(brace, bytes.subarray(served.prefix.length));
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
