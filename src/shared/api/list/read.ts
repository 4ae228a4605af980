import { isReason } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import type { ListMeta } from '../../kinds/schema/types.ts';
import type { Key, Listing, Page, Scope, Stored } from '../../ports/storage.ts';
import type { Call } from '../request.ts';
import { checkRevision, type ListOptions, listOptions, reach } from './options.ts';
import { type Filter, filterOf } from './selectors.ts';
import {
  type ContinueToken,
  decodeToken,
  encodeToken,
  isTooOld,
  listExpired,
  tokenExpired,
  tokenLifeMs,
} from './token.ts';

/** Is one page of a list, read at one revision. */
export interface Read {
  items: Stored[];
  metadata: ListMeta & { resourceVersion: string };
  /** Is what comes after `items` of the same snapshot, read as it is asked for. */
  more?: AsyncGenerator<Stored[]>;
}

const defaultPart = 250;

/**
 * The objects a list request is about, one page of them, as they stood at one revision. With `inParts` a list without
 * a limit may come in parts, so that no copy of the whole is needed.
 */
export async function readList(call: Call, inParts = false): Promise<Read> {
  const options = listOptions(call.query, false);
  const filter = filterOf(call);
  const token = options.continue ? decodeToken(options.continue) : undefined;
  if (token && options.resourceVersion && options.resourceVersion !== '0')
    throw badRequest('specifying resource version is not allowed when using continue');
  if (token && isTooOld(token, call.deps.clock.now())) throw await outlived(call, token);
  const at = await revisionOf(call, options);
  // As a real server, which serves resourceVersion=0 whole, from its cache.
  const limit = options.resourceVersion === '0' ? 0 : options.limit;
  if (canGet(call, filter) && !token && !at) return readOne(call, filter);
  if (inParts && !limit && !token) return readParts(call, filter, at);
  return readPage(call, filter, limit, token, at);
}

async function readParts(call: Call, filter: Filter, at?: string): Promise<Read> {
  const limit = call.deps.listPart ?? defaultPart;
  const matching = (items: Stored[]) => items.filter((item) => filter.matches(item));
  const first = await storedPage(call, { limit, ...(at && { at }) });
  const read = { items: matching(first.items), metadata: { resourceVersion: first.revision } };
  if (!first.cursor) return read;
  const more = async function* () {
    for (let { cursor } = first; cursor; ) {
      const part: Listing = await call.deps.storage.list(scopeOf(call), { limit, cursor });
      yield matching(part.items);
      cursor = part.cursor;
    }
  };
  return { ...read, more: more() };
}

/** Everything as it is now: what a watch begins with, and what a collection's deletion takes. */
export const readAll = (call: Call): Promise<Read> => {
  const filter = filterOf(call);
  return canGet(call, filter) ? readOne(call, filter) : readPage(call, filter, 0);
};

/** Says what storage has to read for a call: one resource of a cluster, or less by namespace and by owner. */
export const scopeOf = ({ served, cluster, namespace, query }: Call): Scope => {
  const owner = query.get('owner');
  return {
    cluster,
    resource: served.storedUnder,
    ...(namespace && { namespace }),
    ...(owner && { owner }),
  };
};

async function revisionOf({ deps, served, cluster, request }: Call, options: ListOptions) {
  const wanted = checkRevision(options.resourceVersion);
  if (!wanted) return undefined;
  await reach(wanted, () => deps.storage.head(cluster, served.storedUnder), deps.clock, request.signal);
  const exact = options.match === 'Exact' || (options.match === '' && options.limit > 0);
  return exact ? String(wanted) : undefined;
}

const canGet = ({ served, namespace, query }: Call, { name }: Filter) =>
  name !== undefined && (namespace !== '' || !served.kind.namespaced) && !query.get('owner');

/** The revision is read first, so that a watch from it cannot miss a later change. */
async function readOne({ deps, served, cluster, namespace }: Call, filter: Filter): Promise<Read> {
  const head = await deps.storage.head(cluster, served.storedUnder);
  const found = filter.name ? await deps.storage.get(served.key(cluster, namespace, filter.name)) : undefined;
  const resourceVersion = found && Number(found.revision) > Number(head) ? found.revision : head;
  return { items: found && filter.matches(found) ? [found] : [], metadata: { resourceVersion } };
}

async function readPage(
  call: Call,
  filter: Filter,
  limit: number,
  token?: ContinueToken,
  at?: string,
): Promise<Read> {
  // Age counts from the first page, as that of its revision does.
  const readAt = token?.readAt ?? call.deps.clock.now();
  let page: Page = { limit, ...(token ? placeOf(call, token) : at && { at }) };
  const items: Stored[] = [];
  for (;;) {
    const listing = await storedPage(call, page, token);
    for (const item of listing.items) if (filter.matches(item)) items.push(item);
    const resourceVersion = listing.revision;
    if (!listing.cursor) return { items, metadata: { resourceVersion } };
    if (items.length >= limit) {
      const last = listing.items.at(-1)!;
      const next = encodeToken({
        rv: Number(listing.revision),
        start: startAfter(call, last),
        cursor: listing.cursor,
        readAt,
      });
      const counted = filter === everythingOf(filter) && listing.remaining !== undefined;
      return {
        items,
        metadata: {
          resourceVersion,
          continue: next,
          ...(counted && { remainingItemCount: listing.remaining }),
        },
      };
    }
    page = { limit: limit - items.length, cursor: listing.cursor };
  }
}

/** How many are left is not known when a selector decides. */
const everythingOf = (filter: Filter) =>
  filter.labels || filter.fields || filter.name !== undefined ? undefined : filter;

async function storedPage(call: Call, page: Page, token?: ContinueToken): Promise<Listing> {
  try {
    return await call.deps.storage.list(scopeOf(call), page);
  } catch (error) {
    if (!isReason(error, 'Expired')) throw error;
    throw token && token.rv !== -1 ? tokenExpired(token) : page.at ? listExpired() : error;
  }
}

const startAfter = ({ namespace }: Call, { key }: Stored) =>
  namespace || !key.namespace ? `/${key.name}\0` : `${key.namespace}/${key.name}\0`;

/** Says where storage goes on: without a revision in what is there now, which the client was told is not consistent. */
function placeOf({ namespace }: Call, { rv, start, cursor }: ContinueToken): Page {
  if (cursor) return { cursor };
  const path = start.replace(/^\//, '').replace(/\0$/, '');
  const slash = namespace ? -1 : path.indexOf('/');
  const after: Pick<Key, 'namespace' | 'name'> =
    slash < 0 ? { namespace, name: path } : { namespace: path.slice(0, slash), name: path.slice(slash + 1) };
  return { after, ...(rv !== -1 && { at: String(rv) }) };
}

/**
 * Makes the answer to a token of a list that is too old to go on. What that goes on with is of another revision, as where the
 * whole store counts and something is always written: a resource that nobody has written since takes one with no change.
 */
async function outlived({ deps: { storage }, cluster, served }: Call, token: ContinueToken) {
  const head = await storage.head(cluster, served.storedUnder);
  if (Number(head) === token.rv) await storage.advance(cluster, served.storedUnder, tokenLifeMs);
  return tokenExpired(token);
}
