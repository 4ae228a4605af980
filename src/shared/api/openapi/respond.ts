/** Answers under /openapi/v3, as a real server: documents are kept for ever under their hash. */
import { inTurns, type Turn } from '../../meta/steps.ts';
import type { ApiResponse } from '../http/message.ts';
import type { Descriptions } from './descriptions.ts';
import { openapiDocument, openapiIndex } from './document.ts';
import type { DescribedKind } from './paths.ts';

/** Is a request for the index or a document of OpenAPI v3. */
export interface OpenapiRequest {
  /** Is what follows /openapi/v3/; '' is the index. */
  path: string;
  /** The query parameter of that name. */
  hash?: string;
  ifNoneMatch?: string;
}

/** @returns undefined when there is no such document. */
export async function openapiResponse(
  request: OpenapiRequest,
  kinds: readonly DescribedKind[],
  describe?: Descriptions,
  turn?: Turn,
): Promise<ApiResponse | undefined> {
  const { path, hash } = request;
  if (path === '') {
    const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' };
    return { status: 200, headers, body: openapiIndex(kinds, describe) };
  }
  const document = openapiDocument(path, kinds, describe);
  if (!document) return undefined;
  if (hash !== undefined && hash !== document.hash) {
    // Relative, since what stands before the path is not known here.
    return { status: 301, headers: { location: `?hash=${document.hash}` }, body: new Uint8Array() };
  }
  const headers = {
    'content-type': 'application/json',
    etag: `"${document.hash}"`,
    vary: 'Accept',
    'cache-control': hash === undefined ? 'no-cache, private' : 'public, immutable, max-age=31536000',
  };
  if (request.ifNoneMatch === headers.etag) return { status: 304, headers, body: new Uint8Array() };
  return { status: 200, headers, body: await inTurns(document.body(), turn) };
}
