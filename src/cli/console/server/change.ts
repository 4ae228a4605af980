import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError } from '../../../shared/errors/apiError.ts';
import { isObject } from '../../../shared/meta/isObject.ts';
import { documentsIn } from '../../kube/manifests.ts';
import { give } from './read.ts';
import { type Json, withoutContents } from './secrets.ts';
import { pathWith, type Target } from './target.ts';
import type { Upstream } from './upstream.ts';

/** An API server takes no more either. */
const mostBytes = 3 * 2 ** 20;
const parameters = 'fieldManager=shallop-console&fieldValidation=Strict';

/**
 * Replaces an object by what was written in the page, or only has the server judge it (`dryRun=All`). Answers the object as
 * the server would have it.
 */
export async function change(
  upstream: Upstream,
  { target, search, request, signal }: Change,
  response: ServerResponse,
): Promise<void> {
  const { resource, name, sub } = target;
  if (name === undefined || sub)
    throw new ApiError('MethodNotAllowed', 'one whole object can be replaced, no more');
  const body = objectIn(await bodyOf(request));
  // Something that is not what it was: its contents were never in the page, and would be lost.
  if (withoutContents(body, resource) !== body)
    throw new ApiError('Forbidden', 'the console writes no Secrets: it is not shown what they hold');
  const dryRun = search.get('dryRun');
  if (dryRun !== null && dryRun !== 'All') throw new ApiError('BadRequest', 'dryRun is All');
  const path = `${pathWith(target, search)}?${parameters}${dryRun ? '&dryRun=All' : ''}`;
  const answered = await upstream.with((connection) =>
    connection.json<unknown>({ method: 'PUT', path, body, signal }),
  );
  give(answered, { target, asYaml: true }, response);
}

interface Change {
  target: Target;
  search: URLSearchParams;
  request: IncomingMessage;
  signal: AbortSignal;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > mostBytes)
      throw new ApiError('RequestEntityTooLarge', `the object has more than ${mostBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}

function objectIn(text: string): Json {
  const [value, ...more] = parsed(text);
  if (more.length) throw new ApiError('BadRequest', 'these are several objects, and one can be replaced');
  if (!isObject(value)) throw new ApiError('BadRequest', 'this is no object');
  return value;
}

function parsed(text: string): unknown[] {
  try {
    return documentsIn(text, 'YAML');
  } catch (error) {
    throw new ApiError('BadRequest', (error as Error).message);
  }
}
