import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { isObject } from '../../../shared/meta/isObject.ts';
import { yamlText } from '../../kube/print/values.ts';
import { answer, answerJson, begin } from './headers.ts';
import { type Json, withoutContents } from './secrets.ts';
import { pathWith, type Target } from './target.ts';
import type { Upstream } from './upstream.ts';

const plain = 'text/plain; charset=utf-8';

/** Describes a request for something of the API, as far as it counts. */
export interface Read {
  target: Target;
  search: URLSearchParams;
  /** As text for people, in which an object can be changed. */
  asYaml: boolean;
  signal: AbortSignal;
}

/** Answers one object or a list, without contents of Secrets, or the log of a container as it comes. */
export async function read(upstream: Upstream, wanted: Read, response: ServerResponse): Promise<void> {
  const { target, search, signal } = wanted;
  const path = pathWith(target, search);
  if (target.sub === 'exec') throw new ApiError('BadRequest', 'exec takes a WebSocket');
  if (target.sub === 'log') {
    const log = await upstream.with((connection) => connection.stream({ path, accept: '*/*', signal }));
    begin(response, plain);
    response.flushHeaders();
    return pipeline(log, response);
  }
  const found = await upstream.with((connection) => connection.json<unknown>({ path, signal }));
  give(found, wanted, response);
}

/** Throws for an answer that is no object: what cannot be looked through is not passed on. */
export function give(
  found: unknown,
  { target, asYaml }: Pick<Read, 'target' | 'asYaml'>,
  response: ServerResponse,
): void {
  if (!isObject(found)) throw new ApiError('InternalError', 'the server answered with no object');
  const shown = withoutContents(found, target.resource);
  if (asYaml) answer(response, plain, yamlOf(shown));
  else answerJson(response, shown);
}

/** Without who owns which field: longer than the object itself, and of use to programs. */
function yamlOf(object: Json): string {
  const { managedFields: _, ...metadata } = isObject(object.metadata) ? object.metadata : {};
  return `${yamlText({ ...object, metadata })}\n`;
}
