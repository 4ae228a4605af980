import { ApiError } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';

/** Describes where a list goes on. `rv` -1: at whatever revision, after `start`. */
export interface ContinueToken {
  rv: number;
  /** Key of the last item given, and a NUL: `/l-01\0`, `ns/l-01\0` for all namespaces. */
  start: string;
  /** The storage's own cursor. */
  cursor?: string;
  /** Says when the first page was read, in milliseconds since the epoch. Absent at whatever revision. */
  readAt?: number;
}

/** As a real server's tokens, with the storage's cursor and the time of the first page added. */
export function encodeToken({ rv, start, cursor, readAt }: ContinueToken): string {
  const token = {
    v: 'meta.k8s.io/v1',
    rv,
    start,
    ...(readAt !== undefined && { t: readAt }),
    ...(cursor && { c: cursor }),
  };
  return Buffer.from(JSON.stringify(token)).toString('base64url');
}

/**
 * Is how long a list goes on consistently after its first page, in milliseconds. A real server has etcd forget every five
 * minutes what was five minutes ago, so that its tokens live between five and ten.
 */
export const tokenLifeMs = 5 * 60_000;

/** Returns whether the token has outlived its list, whoever wrote since. */
export const isTooOld = ({ readAt }: ContinueToken, now: number): boolean =>
  readAt !== undefined && now - readAt >= tokenLifeMs;

/** Throws BadRequest for what no server made. */
export function decodeToken(text: string): ContinueToken {
  const bad = corruptAt(text);
  if (bad !== undefined) throw malformed(`illegal base64 data at input byte ${bad}`);
  const json = Buffer.from(text, 'base64url').toString();
  let token: { v?: unknown; rv?: unknown; start?: unknown; c?: unknown; t?: unknown };
  try {
    token = JSON.parse(json);
  } catch {
    throw malformed(`invalid character '${json[0] ?? ''}' looking for beginning of value`);
  }
  if (token?.v !== 'meta.k8s.io/v1')
    throw malformed(`server does not recognize this encoded version ${token?.v ?? ''}`);
  if (!Number.isSafeInteger(token.rv) || token.rv === 0)
    throw malformed('incorrect encoded start resourceVersion (version meta.k8s.io/v1)');
  if (typeof token.start !== 'string' || !token.start)
    throw malformed('encoded start key empty (version meta.k8s.io/v1)');
  if (!isClean(token.start)) throw malformed(token.start);
  return {
    rv: token.rv as number,
    start: token.start,
    ...(typeof token.c === 'string' && { cursor: token.c }),
    ...(typeof token.t === 'number' && { readAt: token.t }),
  };
}

/** Returns where Go stops reading a text as base64 of addresses, without padding; undefined where it does not. */
function corruptAt(text: string): number | undefined {
  const foreign = text.search(/[^A-Za-z0-9_-]/);
  if (foreign >= 0) return foreign;
  return text.length % 4 === 1 ? text.length - 1 : undefined;
}

/** Returns whether a key leads nowhere above the list's own. */
function isClean(start: string): boolean {
  const parts = start.replace(/^\//, '').split('/');
  return start === '/' || parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

const malformed = (why: string) => badRequest(`invalid continue token: continue key is not valid: ${why}`);

/** A list that can no longer go on consistently offers to go on inconsistently. */
export const tokenExpired = (token: ContinueToken) =>
  new ApiError(
    'Expired',
    'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.',
    { listMeta: { continue: encodeToken({ rv: -1, start: token.start }) } },
  );

/** Makes the answer 410 to a list at a revision that was compacted: the client has to begin anew. */
export const listExpired = () =>
  new ApiError('Expired', 'The resourceVersion for the provided list is too old.');
