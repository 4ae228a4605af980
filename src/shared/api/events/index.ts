import type { User } from '../../auth/user.ts';
import type { Clock } from '../../clock/clock.ts';
import { toStatus } from '../../errors/status.ts';
import { newsOf } from '../../events/objectEvent.ts';
import type { Change, Progress } from '../../ports/storage.ts';
import type { Catalog } from '../catalog.ts';
import type { ApiDeps } from '../deps.ts';
import { jsonBytes, pageNotFound } from '../http/answer.ts';
import { methodNotAllowed } from '../http/errors.ts';
import type { ApiRequest, ApiResponse } from '../http/message.ts';
import type { ClusterTarget } from '../http/target.ts';
import { asTooOld } from '../watch/frame.ts';
import { type AskedEvents, askedEvents } from './asked.ts';
import { type Arrival, Confluence } from './confluence.ts';
import { type Place, parsePlace, placeText, revisionAt } from './place.ts';

/** Says that nothing has happened, before anything between gives the connection up. */
const heartbeatMs = 15_000;
const shortestMs = 30 * 60_000;

/**
 * GET /events: changes of objects as server-sent events, each a CloudEvent as rules have it. The id of an event is where the
 * stream stands: a client that shows it again goes on from there, or is answered 410 when that is too long ago.
 */
export async function serveEvents(
  api: { deps: ApiDeps; catalog: Catalog },
  request: ApiRequest,
  target: ClusterTarget,
  user: User,
): Promise<ApiResponse> {
  const { deps } = api;
  if (target.segments.length > 1 || deps.deployment === undefined) return pageNotFound();
  if (request.method !== 'GET') throw methodNotAllowed();
  const shown = request.header('last-event-id') ?? target.query.get('lastEventId');
  const before = shown === undefined ? undefined : parsePlace(shown);
  const asked = await askedEvents(api, target, user);
  const end = new AbortController();
  const place = await startOf(deps, target.cluster, asked, before);
  const streams = asked.resources.map((resource) => {
    const scope = {
      cluster: target.cluster,
      resource,
      ...(asked.namespace && { namespace: asked.namespace }),
    };
    return deps.storage.watch(scope, place.get(resource)!, end.signal)[Symbol.asyncIterator]();
  });
  const close = () => {
    end.abort();
    request.signal.removeEventListener('abort', close);
    for (const stream of streams) void stream.return?.();
  };
  request.signal.addEventListener('abort', close);
  if (request.signal.aborted) close();
  try {
    // Each tells something at once, if only that there is nothing: what is too long ago shows before the answer begins.
    const firsts = await Promise.all(streams.map((stream) => stream.next()));
    const course = { asked, place, firsts, streams, signal: end.signal, close };
    return jsonBytes(200, told(deps, course), {
      'content-type': 'text/event-stream',
      // A proxy that gathers what it passes on would keep events back.
      'x-accel-buffering': 'no',
    });
  } catch (error) {
    close();
    throw asTooOld(error);
  }
}

async function startOf(
  { storage }: ApiDeps,
  cluster: string,
  { resources }: AskedEvents,
  before: Place | undefined,
): Promise<Place> {
  const place: Place = new Map();
  for (const resource of resources)
    place.set(resource, before ? revisionAt(before, resource) : await storage.head(cluster, resource));
  return place;
}

type Told = Change | Progress;

interface Course {
  asked: AskedEvents;
  place: Place;
  firsts: IteratorResult<Told>[];
  streams: AsyncIterator<Told>[];
  signal: AbortSignal;
  /** Ends the streams. */
  close(): void;
}

async function* told(deps: ApiDeps, course: Course): AsyncGenerator<Uint8Array> {
  const { clock, ids, deployment = '', longestWatchMs = Number.POSITIVE_INFINITY } = deps;
  const { asked, place, firsts, streams, signal, close } = course;
  // As watches: so that rights that were taken away do not last.
  void clock.sleep(Math.min(shortestMs * (1 + ids.random()), longestWatchMs), signal).then(close);
  const all = new Confluence(streams, firsts);
  let spokeAt = clock.now();
  try {
    yield Buffer.from(`retry: 2000\n${idOf(place)}\n`);
    while (!signal.aborted && !all.isOver) {
      const arrival = all.take();
      const line = arrival ? lineOf(arrival) : undefined;
      if (!arrival) await soon(all, clock, spokeAt + heartbeatMs, signal);
      if (line === undefined && (signal.aborted || clock.now() < spokeAt + heartbeatMs)) continue;
      spokeAt = clock.now();
      yield Buffer.from(line ?? `: nothing new\n${idOf(place)}\n`);
    }
  } catch (error) {
    yield Buffer.from(`event: status\ndata: ${JSON.stringify(toStatus(asTooOld(error)))}\n\n`);
  } finally {
    close();
  }

  function lineOf({ value, from }: Arrival<Told>): string | undefined {
    place.set(asked.resources[from]!, value.type === 'progress' ? value.revision : value.object.revision);
    const news = value.type === 'progress' ? undefined : newsOf(value, deployment);
    if (!news || !(asked.pattern?.matches(news.event) ?? true)) return undefined;
    return `${idOf(place)}data: ${news.text()}\n\n`;
  }
}

const idOf = (place: Place) => `id: ${placeText(place)}\n`;

/** Waits until there is something to take, or until a time. */
async function soon(all: Confluence<Told>, clock: Clock, at: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const sleep = clock.sleep(at - clock.now(), AbortSignal.any([over.signal, signal]));
  await Promise.race([all.arrival(), sleep]);
  over.abort();
}
