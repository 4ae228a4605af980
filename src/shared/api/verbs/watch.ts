import { ApiError } from '../../errors/apiError.ts';
import type { Stored } from '../../ports/storage.ts';
import { representationFor } from '../http/accept.ts';
import { jsonBytes } from '../http/answer.ts';
import { onlyStreams } from '../http/errors.ts';
import { protobufType } from '../http/mediaTypes.ts';
import type { ApiResponse } from '../http/message.ts';
import { type ListOptions, listOptions, reach } from '../list/options.ts';
import { readAll, scopeOf } from '../list/read.ts';
import { filterOf } from '../list/selectors.ts';
import type { Call } from '../request.ts';
import { eventsAsMessages } from '../subresources/streams/messages.ts';
import { isWebSocket } from '../subresources/streams/upgrade.ts';
import type { Frames } from '../watch/frame.ts';
import { framesOf } from '../watch/frames.ts';
import { seenBy } from '../watch/seen.ts';

/** Changes as they happen, a JSON line each, until the client leaves or its time is over. */
export async function watch(call: Call): Promise<ApiResponse> {
  const options = listOptions(call.query, true);
  const representation = representationFor(call.request.header('accept'), true);
  if (representation.format === 'yaml') throw onlyStreams();
  const { resourceVersion } = options;
  if (resourceVersion && !/^\d{1,16}$/.test(resourceVersion)) throw badRevision(resourceVersion);
  filterOf(call);
  const isBinary = representation.format === 'protobuf';
  const end = new AbortController();
  const frames = follow(call, options, framesOf(call, representation), end);
  if (isWebSocket(call.request))
    return eventsAsMessages(call.request, endingWith(frames, end), isBinary ? 'binary' : 'text');
  return jsonBytes(200, frames, isBinary ? { 'content-type': binary } : undefined);
}

const binary = `${protobufType};stream=watch`;

const badRevision = (text: string) =>
  new ApiError(
    'Unknown',
    `resourceVersion: Invalid value: ${JSON.stringify(text)}: strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`,
  );

/** A watch that nobody reads any more ends at once, not with its next event. */
const endingWith = (frames: AsyncGenerator<Uint8Array>, end: AbortController): AsyncIterable<Uint8Array> => ({
  [Symbol.asyncIterator]: () => ({
    next: () => frames.next(),
    return: () => {
      end.abort();
      return frames.return(undefined);
    },
  }),
});

async function* follow(
  call: Call,
  options: ListOptions,
  frames: Frames,
  end: AbortController,
): AsyncGenerator<Uint8Array> {
  const { deps, request, served } = call;
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
  const { storage, watchesEndWithObject } = call.deps;
  const { bookmarks } = options;
  const filter = filterOf(call);
  const endsWithObject = watchesEndWithObject && filter.name !== undefined;
  const start = isAfter(options)
    ? { items: [], revision: options.resourceVersion }
    : await startOf(call, options);
  for (const stored of start.items) yield frames.initial(stored);
  if (options.sendInitialEvents && bookmarks) yield frames.bookmark(start.revision, true);
  let reached = start.revision;
  let bookmarked = options.sendInitialEvents ? reached : '';
  let isCaughtUp = false;
  for await (const change of storage.watch(scopeOf(call), start.revision, signal)) {
    if (change.type === 'progress') {
      reached = change.revision;
      // The first only says that there is nothing left to catch up on.
      if (bookmarks && isCaughtUp) yield frames.bookmark(reached);
      if (isCaughtUp) bookmarked = reached;
      isCaughtUp = true;
      continue;
    }
    reached = change.object.revision;
    const seen = seenBy(filter, change);
    if (seen) yield frames.event(seen);
    if (seen && endsWithObject && change.type === 'delete') break;
  }
  // Told at the end of its time, a client goes on from here.
  if (bookmarks && reached !== bookmarked && !call.request.signal.aborted) yield frames.bookmark(reached);
}

/** It goes on where another ended: there is nothing to look up. */
const isAfter = ({ sendInitialEvents, resourceVersion }: ListOptions) =>
  !sendInitialEvents && Number(resourceVersion) > 0;

/** Returns what the watch begins with, and the revision after which it goes on. */
async function startOf(call: Call, options: ListOptions): Promise<{ items: Stored[]; revision: string }> {
  const { deps, served, cluster, request } = call;
  const { resourceVersion, sendInitialEvents } = options;
  const fromNow = !resourceVersion || resourceVersion === '0';
  const head = () => deps.storage.head(cluster, served.storedUnder);
  if (!sendInitialEvents) return { items: [], revision: await head() };
  if (!fromNow) await reach(Number(resourceVersion), head, deps.clock, request.signal);
  const { items, metadata } = await readAll(call);
  return { items, revision: metadata.resourceVersion };
}

const shortestMs = 30 * 60_000;

/** As asked, or between half an hour and an hour, so that clients do not all come back at once. */
const durationMs = ({ deps }: Call, { timeoutSeconds }: ListOptions) =>
  Math.min(
    timeoutSeconds ? timeoutSeconds * 1000 : shortestMs * (1 + deps.ids.random()),
    deps.longestWatchMs ?? Number.POSITIVE_INFINITY,
  );
