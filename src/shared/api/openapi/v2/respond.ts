/** The answer of /openapi/v2: all groups in one document, as JSON or protobuf. */

import { Recent } from '../../../meta/recent.ts';
import { inTurns, type Turn } from '../../../meta/steps.ts';
import { table } from '../../../meta/table.ts';
import { parseAccept } from '../../http/accept.ts';
import type { ApiResponse } from '../../http/message.ts';
import type { Descriptions } from '../descriptions.ts';
import type { DescribedKind } from '../paths.ts';
import type { SwaggerPart } from './merge.ts';
import { encodeSwagger } from './protobuf.ts';
import { type Json, type SwaggerTexts, swaggerJson, swaggerTexts } from './texts.ts';

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
  json: Promise<Json>;
  /** Made when somebody asks for it. */
  protobuf?: Promise<Buffer>;
  /** Has it made anew for the next who asks. */
  forget(): void;
}

/** A list of kinds never changes; another list is another array. The words for it are those of the process. */
const cache = new WeakMap<readonly DescribedKind[], Swagger>();
/** Bytes. Each logical cluster with definitions has a document of its own. */
const kept = new Recent(128 * 1024 * 1024);

/** Describes what /openapi/v2 is asked for, and what the answer is made of. */
export interface SwaggerRequest {
  accept?: string | undefined;
  ifNoneMatch?: string | undefined;
  words?: Descriptions | undefined;
  /** Are those of other servers. */
  parts?: readonly SwaggerPart[];
  turn?: Turn | undefined;
}

/** Answers /openapi/v2 in the format that `accept` prefers: 304 when `ifNoneMatch` has its ETag, 406 when no format fits. */
export async function swaggerResponse(
  kinds: readonly DescribedKind[],
  { accept, ifNoneMatch, words, parts = [], turn }: SwaggerRequest,
): Promise<ApiResponse> {
  const format = accept ? parseAccept(accept).flatMap(({ type }) => formats[type] ?? [])[0] : 'json';
  const vary = { 'cache-control': 'no-cache, private', vary: 'Accept' };
  if (!format) return { status: 406, headers: vary, body: new Uint8Array() };
  let made: Promise<SwaggerTexts> | undefined;
  const texts = () => {
    made ??= inTurns(swaggerTexts(kinds, words, parts), turn);
    return made;
  };
  const known = cache.get(kinds);
  const swagger = known?.parts === namesOf(parts) ? known : begun(kinds, namesOf(parts), texts, turn);
  const { bytes, hash } = await swagger.json;
  const etag = `"${hash}"`;
  const headers = { ...vary, etag, 'content-type': format === 'json' ? 'application/json' : protobuf };
  if (ifNoneMatch === etag) return { status: 304, headers, body: new Uint8Array() };
  const body = format === 'json' ? bytes : await encoded(swagger, texts, turn);
  return { status: 200, headers, body };
}

const namesOf = (parts: readonly SwaggerPart[]): string => parts.map(({ fingerprint }) => fingerprint).join();

type Texts = () => Promise<SwaggerTexts>;

/** Whoever asks while it is made waits for the same. */
function begun(
  kinds: readonly DescribedKind[],
  parts: string,
  texts: Texts,
  turn: Turn | undefined,
): Swagger {
  const swagger: Swagger = {
    parts,
    json: texts().then((all) => inTurns(swaggerJson(all), turn)),
    forget: () => {
      if (cache.get(kinds) === swagger) cache.delete(kinds);
    },
  };
  cache.set(kinds, swagger);
  swagger.json.then(({ bytes }) => kept.keeps(swagger, bytes.length), swagger.forget);
  return swagger;
}

function encoded(swagger: Swagger, texts: Texts, turn: Turn | undefined): Promise<Buffer> {
  if (swagger.protobuf) return swagger.protobuf;
  const made = texts().then((all) => inTurns(encodeSwagger(all), turn));
  made.then((bytes) => kept.keeps(swagger, bytes.length), swagger.forget);
  swagger.protobuf = made;
  return made;
}
