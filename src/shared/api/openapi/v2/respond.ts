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
import { type SwaggerPart, withParts } from './merge.ts';
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
  /** Says which parts of others are in it. */
  parts: string;
  json: Buffer;
  /** Made when somebody asks for it. */
  protobuf?: Buffer;
  etag: string;
}

/** A list of kinds never changes; another list is another array. The words for it are those of the process. */
const cache = new WeakMap<readonly DescribedKind[], Swagger>();

/**
 * Answers /openapi/v2 in the format that `accept` prefers: 304 when `ifNoneMatch` has its ETag, 406 when no format
 * fits. `parts` are those of other servers.
 */
export function swaggerResponse(
  kinds: readonly DescribedKind[],
  accept: string | undefined,
  ifNoneMatch: string | undefined,
  words?: Descriptions,
  parts: readonly SwaggerPart[] = [],
): ApiResponse {
  const format = accept ? parseAccept(accept).flatMap(({ type }) => formats[type] ?? [])[0] : 'json';
  const vary = { 'cache-control': 'no-cache, private', vary: 'Accept' };
  if (!format) return { status: 406, headers: vary, body: new Uint8Array() };
  const known = cache.get(kinds);
  const swagger = known?.parts === namesOf(parts) ? known : describe(kinds, words, parts);
  cache.set(kinds, swagger);
  const { etag } = swagger;
  const headers = { ...vary, etag, 'content-type': format === 'json' ? 'application/json' : protobuf };
  if (ifNoneMatch === etag) return { status: 304, headers, body: new Uint8Array() };
  return { status: 200, headers, body: format === 'json' ? swagger.json : encoded(swagger) };
}

const namesOf = (parts: readonly SwaggerPart[]): string => parts.map(({ fingerprint }) => fingerprint).join();

function describe(
  kinds: readonly DescribedKind[],
  words: Descriptions | undefined,
  parts: readonly SwaggerPart[],
): Swagger {
  const documents = openapiPaths(kinds).map((path) =>
    JSON.parse(Buffer.from(openapiDocument(path, kinds, words)!.body()).toString()),
  );
  const own = swaggerOf(documents, release);
  const document = parts.length > 0 ? withParts(own, parts) : own;
  const json = Buffer.from(JSON.stringify(document));
  const hash = createHash('sha512').update(json).digest('hex').toUpperCase();
  return { parts: namesOf(parts), json, etag: `"${hash}"` };
}

function encoded(swagger: Swagger): Buffer {
  swagger.protobuf ??= encodeSwagger(JSON.parse(swagger.json.toString()));
  return swagger.protobuf;
}
