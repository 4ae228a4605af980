import { ApiError } from '../../errors/apiError.ts';
import { badRequest } from '../../errors/common.ts';
import { toStatus } from '../../errors/status.ts';
import { type Context, storedResource } from '../context.ts';
import type { ApiResponse } from '../http/message.ts';
import { readList } from '../verbs/list.ts';
import { selectionOf } from '../verbs/selection.ts';
import { checkWatchWish, versionWish, waitForRevision } from '../verbs/versions.ts';
import { Frames } from './frames.ts';
import { seenAs } from './seenAs.ts';

const minSeconds = 1800;

/** Streams changes, one JSON object a line, until the client leaves or its time is over. */
export async function watch(ctx: Context): Promise<ApiResponse> {
  const wish = versionWish(ctx);
  const initial = ctx.query.get('sendInitialEvents');
  checkWatchWish(wish, initial);
  selectionOf(ctx); // a bad selector is refused before the stream begins
  const bookmarks = ctx.query.get('allowWatchBookmarks') === 'true';
  const startsWithState =
    initial === null ? wish.revision === '' || wish.revision === '0' : initial === 'true';
  if (wish.revision && wish.revision !== '0') await waitForRevision(ctx, wish.revision);
  const events = eventsOf(ctx, {
    startsWithState,
    closing: initial === 'true' && bookmarks,
    bookmarks,
    since: wish.revision,
  });
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-cache, private' },
    body: events,
  };
}

interface Start {
  /** Synthetic ADDED for everything there is come first. */
  startsWithState: boolean;
  /** Say with an annotated bookmark that the state is complete. */
  closing: boolean;
  bookmarks: boolean;
  since: string;
}

async function* eventsOf(ctx: Context, start: Start): AsyncGenerator<Uint8Array> {
  const frames = new Frames(ctx);
  const ends = new AbortController();
  const stop = () => ends.abort();
  ctx.request.signal.addEventListener('abort', stop);
  if (ctx.request.signal.aborted) stop();
  void ctx.deps.clock.sleep(timeoutMs(ctx), ends.signal).then(stop);
  try {
    let since = start.since;
    if (start.startsWithState) {
      const state = await readList(stateOf(ctx));
      for (const item of state.items) yield frames.of('ADDED', item);
      since = state.metadata.resourceVersion;
      if (start.closing) yield frames.bookmark(since, true);
    } else if (!since || since === '0')
      since = await ctx.deps.storage.head(ctx.cluster, storedResource(ctx.kind));
    yield* changes(ctx, frames, since, start.bookmarks, ends.signal);
  } catch (error) {
    yield frames.error(toStatus(tooOld(error, start.since)));
  } finally {
    stop();
    ctx.request.signal.removeEventListener('abort', stop);
  }
}

async function* changes(
  ctx: Context,
  frames: Frames,
  since: string,
  bookmarks: boolean,
  signal: AbortSignal,
) {
  const { matches } = selectionOf(ctx);
  const { cluster, path, kind, deps } = ctx;
  const scope = {
    cluster,
    resource: storedResource(kind),
    ...(path.namespace && { namespace: path.namespace }),
  };
  let last = since;
  let caughtUp = false;
  for await (const change of deps.storage.watch(scope, since, signal)) {
    if (change.type === 'progress') {
      // The first only says that the past has been delivered; a client is told when a minute was quiet.
      if (bookmarks && caughtUp) yield frames.bookmark(change.revision, false);
      caughtUp = true;
      last = change.revision;
      continue;
    }
    last = change.object.revision;
    const seen = seenAs(change, matches);
    if (seen) yield frames.of(seen.type, seen.object);
  }
  if (bookmarks) yield frames.bookmark(last, false);
}

/** The state that a watch begins with is a list of everything, whatever its version. */
function stateOf(ctx: Context): Context {
  const query = new URLSearchParams(ctx.query);
  for (const name of ['resourceVersion', 'resourceVersionMatch', 'limit', 'continue']) query.delete(name);
  return { ...ctx, query };
}

function timeoutMs({ query, deps }: Context): number {
  const text = query.get('timeoutSeconds');
  const seconds = text === null ? Number.NaN : Number(text);
  if (text !== null && !Number.isInteger(seconds))
    throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(text)}: invalid syntax`);
  return 1000 * (seconds > 0 ? seconds : minSeconds * (1 + deps.ids.random()));
}

function tooOld(error: unknown, since: string): unknown {
  if (!(error instanceof ApiError) || error.reason !== 'Expired') return error;
  return new ApiError(
    'Expired',
    error.message.startsWith('too old') ? error.message : `too old resource version: ${since}`,
  );
}
