import type { ServerResponse } from 'node:http';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { isObject } from '../../../shared/meta/isObject.ts';
import { writeTo } from '../../../shared/streams/write.ts';
import type { Resource } from '../../kube/discovery.ts';
import { linesOf } from '../../kube/read.ts';
import { statusOf } from './failure.ts';
import { begin } from './headers.ts';
import { type Json, withoutContents } from './secrets.ts';
import { pathWith, targetOf } from './target.ts';
import type { Upstream } from './upstream.ts';

const mostWatches = 16;

/**
 * Several watches in one answer, since a browser has six connections to a host, and each watch would take one. A line says
 * which it is of: `{"of":0,"event":{"type":"ADDED",…}}`, or why there are none: `{"of":0,"status":{…}}`. When one ends, all
 * end, and the page asks again with the newest versions that it has seen. One that is refused leaves the others alone.
 */
export async function watch(
  upstream: Upstream,
  paths: readonly string[],
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  if (paths.length === 0 || paths.length > mostWatches)
    throw new ApiError('BadRequest', `a stream has 1 to ${mostWatches} watches`);
  const resources = await upstream.resources();
  const wanted = paths.map((path) => watchOf(path, resources));
  begin(response, 'application/x-ndjson');
  response.flushHeaders();
  const ending = new AbortController();
  const both = AbortSignal.any([signal, ending.signal]);
  // Each of them may wait until the page takes more.
  response.setMaxListeners(2 * mostWatches);
  const write = async (line: Json) => {
    if (!both.aborted) await writeTo(response, Buffer.from(`${JSON.stringify(line)}\n`));
  };
  const tell = async (error: unknown, of: number) => {
    if (!both.aborted) await write({ of, status: statusOf(error) });
  };
  const follow = async ({ path, resource }: (typeof wanted)[number], of: number) => {
    const stream = await upstream.with((connection) => connection.stream({ path, signal: both }));
    try {
      for await (const line of linesOf(stream)) if (line) await write({ of, event: eventOf(line, resource) });
    } catch (error) {
      // A stream that breaks off has ended, no more; only what is no event is told of.
      if (error instanceof ApiError) await tell(error, of);
    } finally {
      ending.abort();
    }
  };
  await Promise.all(wanted.map((each, of) => follow(each, of).catch((error) => tell(error, of))));
  response.end();
}

function watchOf(text: string, resources: readonly Resource[]) {
  const [path = '', search = ''] = text.split('?');
  const target = targetOf(path, resources);
  if (target.name !== undefined)
    throw new ApiError('BadRequest', 'a list is watched, by a field where it is of one');
  const list = pathWith(target, new URLSearchParams(search));
  const glue = list.includes('?') ? '&' : '?';
  return { path: `${list}${glue}watch=true&allowWatchBookmarks=true`, resource: target.resource };
}

/** @throws ApiError for a line that is no event: what cannot be looked through is not passed on. */
function eventOf(line: string, resource: Resource): Json {
  const event = parsed(line);
  if (!isObject(event) || !isObject(event.object))
    throw new ApiError('ServiceUnavailable', 'the server sent what is no event');
  const { type, object } = event;
  // Why a watch ends is a Status, whatever it is of.
  return { type, object: type === 'ERROR' ? object : withoutContents(object, resource) };
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
