/** The answer of /openapi/v2: all groups in one document, as JSON or protobuf. */

import { createHash } from 'node:crypto';
import { release } from '../../../kinds/schema/facts.ts';
import { table } from '../../../meta/table.ts';
import { parseAccept } from '../../http/accept.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Descriptions } from '../descriptions.ts';
import { openapiDocument, openapiPaths } from '../document.ts';
import type { DescribedKind } from '../paths.ts';
import { swaggerOf } from './convert.ts';
import { encodeSwagger } from './protobuf.ts';

const protobuf = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf';
const formats: Record<string, 'json' | 'protobuf'> = table({
  'application/json': 'json',
  'application/*': 'json',
  '*/*': 'json',
  [protobuf]: 'protobuf',
  // With the @ that no media type may have: what clients ask for.
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf': 'protobuf',
});

interface Swagger {
  json: Buffer;
  /** Made when somebody asks for it. */
  protobuf?: Buffer;
  etag: string;
}

/** A list of kinds never changes; another list is another array. The words for it are those of the process. */
const cache = new WeakMap<readonly DescribedKind[], Swagger>();

/**
 * Answers /openapi/v2 in the format that `accept` prefers: 304 when `ifNoneMatch` has its ETag, 406 when no format
 * fits.
 */
export function swaggerResponse(
  kinds: readonly DescribedKind[],
  accept: string | undefined,
  ifNoneMatch: string | undefined,
  words?: Descriptions,
): ApiResponse {
  const format = accept ? parseAccept(accept).flatMap(({ type }) => formats[type] ?? [])[0] : 'json';
  const vary = { 'cache-control': 'no-cache, private', vary: 'Accept' };
  if (!format) return { status: 406, headers: vary, body: new Uint8Array() };
  const swagger = cache.get(kinds) ?? describe(kinds, words);
  cache.set(kinds, swagger);
  const { etag } = swagger;
  const headers = { ...vary, etag, 'content-type': format === 'json' ? 'application/json' : protobuf };
  if (ifNoneMatch === etag) return { status: 304, headers, body: new Uint8Array() };
  return { status: 200, headers, body: format === 'json' ? swagger.json : encoded(swagger) };
}

function describe(kinds: readonly DescribedKind[], words: Descriptions | undefined): Swagger {
  const documents = openapiPaths(kinds).map((path) =>
    JSON.parse(Buffer.from(openapiDocument(path, kinds, words)!.body()).toString()),
  );
  const document = swaggerOf(documents, release);
  const json = Buffer.from(JSON.stringify(document));
  const hash = createHash('sha512').update(json).digest('hex').toUpperCase();
  return { json, etag: `"${hash}"` };
}

function encoded(swagger: Swagger): Buffer {
  swagger.protobuf ??= encodeSwagger(JSON.parse(swagger.json.toString()));
  return swagger.protobuf;
}
