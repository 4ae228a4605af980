import { ApiError, isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { apiVersionOf, type Kind } from '../../kinds/kind.ts';
import type { Listing, Stored } from '../../storage/storage.ts';
import { type Context, storedResource } from '../context.ts';
import type { ApiResponse } from '../http/message.ts';
import { encode, respond, respondBytes } from '../http/respond.ts';
import { partialObject, tableOf } from '../table/table.ts';
import { parseStored, wireBytes } from '../write/stored.ts';
import { type Selection, selectionOf } from './selection.ts';
import { checkListWish, versionWish, waitForRevision } from './versions.ts';

export async function list(ctx: Context): Promise<ApiResponse> {
  const { items, metadata } = await readList(ctx);
  switch (ctx.as) {
    case 'json':
      return respondBytes(200, listBytes(ctx.kind, items, metadata));
    case 'table':
      return respond(
        200,
        tableOf(
          ctx,
          items.map((item) => parseStored(item, ctx.kind)),
          metadata,
        ),
      );
    case 'partial': {
      const partial = items.map((item) => partialObject(parseStored(item, ctx.kind)));
      return respond(200, {
        kind: 'PartialObjectMetadataList',
        apiVersion: 'meta.k8s.io/v1',
        metadata,
        items: partial,
      });
    }
    default: {
      const objects = items.map((item) => parseStored(item, ctx.kind));
      return respond(
        200,
        { kind: `${ctx.kind.kind}List`, apiVersion: apiVersionOf(ctx.kind), metadata, items: objects },
        ctx.as,
      );
    }
  }
}

export interface ListMeta {
  resourceVersion: string;
  continue?: string;
  remainingItemCount?: number;
}

/** The objects a list request is about, one page of them. */
export async function readList(ctx: Context): Promise<{ items: Stored[]; metadata: ListMeta }> {
  const { query } = ctx;
  const wish = versionWish(ctx);
  const token = query.get('continue') ?? '';
  checkListWish(wish, token !== '');
  const limit = limitOf(query, wish.revision === '0' && wish.match !== 'NotOlderThan');
  if (wish.revision && wish.revision !== '0') await waitForRevision(ctx, wish.revision);
  const exact =
    wish.match === 'Exact' || (wish.revision && wish.revision !== '0' && limit && !wish.match)
      ? wish.revision
      : undefined;
  const selection = selectionOf(ctx);
  return selection.matches
    ? filteredPages(ctx, selection, limit, token, exact)
    : onePage(ctx, limit, token, exact);
}

async function onePage(ctx: Context, limit: number, token: string, at?: string) {
  const page = await read(ctx, limit, token, at);
  const metadata: ListMeta = { resourceVersion: page.revision };
  if (page.cursor) metadata.continue = sealToken(page.cursor);
  if (page.cursor && page.remaining) metadata.remainingItemCount = page.remaining;
  return { items: page.items, metadata };
}

/** Reads on until `limit` objects match; how many are left is then not known. */
async function filteredPages(
  ctx: Context,
  { matches, fields }: Selection,
  limit: number,
  token: string,
  at?: string,
) {
  const exactName = fields?.exactly('metadata.name');
  if (exactName !== undefined && !token && !at && (ctx.path.namespace || !ctx.kind.namespaced))
    return oneByName(ctx, exactName, matches!);
  const items: Stored[] = [];
  let cursor = token;
  for (;;) {
    const page = await read(ctx, limit && Math.max(limit * 2, 500), cursor, cursor ? undefined : at);
    for (const [index, item] of page.items.entries()) {
      if (!matches!(item)) continue;
      if (limit && items.length === limit)
        return {
          items,
          metadata: { resourceVersion: page.revision, continue: await resumeAt(ctx, cursor, at, index) },
        };
      items.push(item);
    }
    if (!page.cursor) return { items, metadata: { resourceVersion: page.revision } };
    cursor = sealToken(page.cursor);
  }
}

/** A token for the page that begins at an item in the middle of one already read. */
async function resumeAt(
  ctx: Context,
  cursor: string,
  at: string | undefined,
  index: number,
): Promise<string> {
  if (index === 0 && cursor) return cursor;
  const upTo = await read(ctx, index, cursor, cursor ? undefined : at);
  return sealToken(upTo.cursor ?? '');
}

async function oneByName(ctx: Context, name: string, matches: (stored: Stored) => boolean) {
  const { storage } = ctx.deps;
  const resource = storedResource(ctx.kind);
  const revision = await storage.head(ctx.cluster, resource);
  const found = await storage.get({ cluster: ctx.cluster, resource, namespace: ctx.path.namespace, name });
  // Read after the head: a newer object's own revision is then the list's.
  const newest = found && BigInt(found.revision) > BigInt(revision) ? found.revision : revision;
  return { items: found && matches(found) ? [found] : [], metadata: { resourceVersion: newest } };
}

function read(ctx: Context, limit: number, token: string, at?: string): Promise<Listing> {
  const scope = {
    cluster: ctx.cluster,
    resource: storedResource(ctx.kind),
    ...(ctx.path.namespace && { namespace: ctx.path.namespace }),
  };
  const page = token ? { limit, cursor: openToken(token) } : { limit, ...(at && { at }) };
  return ctx.deps.storage.list(scope, page).catch((error) => {
    if (!isReason(error, 'Expired')) throw error;
    throw token
      ? new ApiError(
          'Expired',
          'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.',
        )
      : new ApiError('Expired', `The resourceVersion for the provided list is too old.`);
  });
}

function limitOf(query: URLSearchParams, ignored: boolean): number {
  const text = query.get('limit');
  if (!text || ignored) return 0;
  const limit = Number(text);
  if (!Number.isInteger(limit))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return Math.max(0, limit);
}

const sealToken = (cursor: string) =>
  Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', cursor })).toString('base64url');

function openToken(token: string): string {
  try {
    const { v, cursor } = JSON.parse(Buffer.from(token, 'base64url').toString());
    if (v === 'meta.k8s.io/v1' && typeof cursor === 'string') return cursor;
  } catch {
    // falls through to the same refusal
  }
  throw badRequest('continue key is not valid: illegal base64 data or no token of this server');
}

const chunkBytes = 256 * 1024;

/** A list in typed form, made of stored bytes without parsing them: items lose their kind and apiVersion. */
function listBytes(kind: Kind, items: Stored[], metadata: ListMeta): ApiResponse['body'] {
  const head = `{"kind":"${kind.kind}List","apiVersion":"${apiVersionOf(kind)}","metadata":${JSON.stringify(metadata)},"items":[`;
  const chunks = itemChunks(kind, items, encode(head));
  const first = chunks.next();
  const second = chunks.next();
  if (second.done) return first.value as Uint8Array;
  return (async function* () {
    yield first.value as Uint8Array;
    yield second.value;
    yield* chunks;
  })();
}

const comma = encode(',');
const end = encode(']}\n');

function* itemChunks(kind: Kind, items: Stored[], head: Uint8Array): Generator<Uint8Array> {
  const skip = encode(`{"kind":"${kind.kind}","apiVersion":"${apiVersionOf(kind)}",`).length;
  const brace = encode('{');
  let parts: Uint8Array[] = [head];
  let size = 0;
  for (const [index, item] of items.entries()) {
    const bytes = wireBytes(item, kind);
    if (index > 0) parts.push(comma);
    parts.push(brace, bytes.subarray(skip));
    size += bytes.length;
    if (size >= chunkBytes) {
      yield Buffer.concat(parts);
      parts = [];
      size = 0;
    }
  }
  parts.push(end);
  yield Buffer.concat(parts);
}
