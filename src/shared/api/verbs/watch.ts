import { ApiError } from '../../errors/apiError.ts';
import { representationFor } from '../http/accept.ts';
import { jsonBytes } from '../http/answer.ts';
import { notAcceptable } from '../http/errors.ts';
import type { ApiResponse } from '../http/message.ts';
import { type ListOptions, listOptions } from '../list/options.ts';
import { readAll, scopeOf } from '../list/read.ts';
import { filterOf } from '../list/selectors.ts';
import type { Call } from '../request.ts';
import { type Frames, framesOf } from '../watch/frames.ts';
import { seenBy } from '../watch/seen.ts';

/** Changes as they happen, a JSON line each, until the client leaves or its time is over. */
export async function watch(call: Call): Promise<ApiResponse> {
  const options = listOptions(call.query, true);
  const representation = representationFor(call.request.header('accept'));
  if (representation.format !== 'json')
    throw notAcceptable(['application/json', 'application/json;stream=watch']);
  const { resourceVersion } = options;
  if (resourceVersion && !/^\d{1,16}$/.test(resourceVersion)) throw badRevision(resourceVersion);
  filterOf(call);
  return jsonBytes(200, follow(call, options, framesOf(call, representation)));
}

const badRevision = (text: string) =>
  new ApiError(
    'InternalError',
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );

async function* follow(call: Call, options: ListOptions, frames: Frames): AsyncGenerator<Uint8Array> {
  const { deps, request, served } = call;
  const end = new AbortController();
  const stop = () => end.abort();
  if (request.signal.aborted) stop();
  request.signal.addEventListener('abort', stop);
  void deps.clock.sleep(durationMs(call, options), end.signal).then(stop);
  deps.metrics.watching(served.resource, 1);
  try {
    yield* lines(call, options, frames, end.signal);
  } catch (error) {
    yield frames.error(error);
  } finally {
    stop();
    request.signal.removeEventListener('abort', stop);
    deps.metrics.watching(served.resource, -1);
  }
}

async function* lines(call: Call, options: ListOptions, frames: Frames, signal: AbortSignal) {
  const { storage } = call.deps;
  const { bookmarks } = options;
  const filter = filterOf(call);
  let since = options.resourceVersion;
  if (!since || since === '0' || options.sendInitialEvents) {
    const { items, metadata } = await readAll(call);
    for (const stored of items) yield frames.initial(stored);
    since = metadata.resourceVersion;
    if (options.sendInitialEvents && bookmarks) yield frames.bookmark(since, true);
  }
  let reached = since;
  let isCaughtUp = false;
  for await (const change of storage.watch(scopeOf(call), since, signal)) {
    if (change.type === 'progress') {
      reached = change.revision;
      // The first only says that there is nothing left to catch up on.
      if (bookmarks && isCaughtUp) yield frames.bookmark(reached);
      isCaughtUp = true;
      continue;
    }
    reached = change.object.revision;
    const seen = seenBy(filter, change);
    if (seen) yield frames.event(seen);
  }
  // Told at the end of its time, a client goes on from here.
  if (bookmarks && !call.request.signal.aborted) yield frames.bookmark(reached);
}

const shortestMs = 30 * 60_000;

/** As asked, or between half an hour and an hour, so that clients do not all come back at once. */
const durationMs = ({ deps }: Call, { timeoutSeconds }: ListOptions) =>
  Math.min(
    timeoutSeconds ? timeoutSeconds * 1000 : shortestMs * (1 + deps.ids.random()),
    deps.longestWatchMs ?? Number.POSITIVE_INFINITY,
  );
