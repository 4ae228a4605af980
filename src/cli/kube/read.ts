import type { Connection } from './connection.ts';
import { apiVersionOf, pathOf, type Resource } from './discovery.ts';
import { ServerError } from './failure.ts';
import type { KubeObject, ObjectList } from './objects.ts';

export interface Selection {
  /** Undefined: all namespaces. */
  namespace?: string;
  labels?: string;
  fields?: string;
}

const pageSize = 500;

export function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(value)}`],
  );
  return pairs.length ? `?${pairs.join('&')}` : '';
}

export const getObject = (
  connection: Connection,
  resource: Resource,
  namespace: string | undefined,
  name: string,
  subresource?: string,
): Promise<KubeObject> =>
  connection.json<KubeObject>({ path: pathOf(resource, namespace, name, subresource) });

/** All objects, page by page; each says what it is. */
export async function listObjects<T extends { kind?: string; apiVersion?: string } = KubeObject>(
  connection: Connection,
  resource: Resource,
  { namespace, labels, fields }: Selection,
): Promise<ObjectList<T>> {
  const items: T[] = [];
  let metadata: ObjectList['metadata'];
  do {
    const parameters = {
      limit: pageSize,
      labelSelector: labels,
      fieldSelector: fields,
      continue: metadata?.continue,
    };
    const path = `${pathOf(resource, namespace)}${query(parameters)}`;
    const page = await connection
      .json<ObjectList<T>>({ path })
      .catch((error) => throwListError(error, resource, { labels, fields }));
    items.push(
      ...page.items.map((item) => ({ ...item, apiVersion: apiVersionOf(resource), kind: resource.kind })),
    );
    metadata = page.metadata;
  } while (metadata?.continue);
  return { items, metadata };
}

/** Says what was looked for, as kubectl does. */
export function throwListError(error: unknown, resource: Resource, { labels, fields }: Selection): never {
  if (!(error instanceof ServerError) || !['BadRequest', 'NotFound'].includes(error.reason)) throw error;
  const subject = `"${resource.group ? `${resource.group}/` : '/'}${resource.version}, Resource=${resource.plural}"`;
  const chosen =
    labels || fields
      ? `find ${subject} that match label selector "${labels ?? ''}", field selector "${fields ?? ''}"`
      : `list ${subject}`;
  throw new ServerError({ ...error.status, message: `Unable to ${chosen}: ${error.status.message}` });
}

export interface WatchEvent<T> {
  type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR';
  object: T;
}

/** The lines of a watch, until the server or `signal` ends it. */
export async function* watchLines<T>(
  connection: Connection,
  path: string,
  { accept, signal }: { accept?: string; signal?: AbortSignal } = {},
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of linesOf(await connection.stream({ path, accept, signal })))
    if (line) yield JSON.parse(line) as WatchEvent<T>;
}

/** What a watch begins with, or a change. */
type Seen<T> = { listed: T[] } | { changed: T; isGone: boolean };

/** Lists, then watches, again and again: the server ends a watch now and then. Until `signal`, which makes it throw. */
async function* seen<T extends KubeObject>(
  connection: Connection,
  resource: Resource,
  { namespace, labels, fields }: Selection,
  signal: AbortSignal,
): AsyncGenerator<Seen<T>> {
  for (;;) {
    signal.throwIfAborted();
    const { items, metadata } = await listObjects<T>(connection, resource, { namespace, labels, fields });
    yield { listed: items };
    const parameters = {
      watch: true,
      labelSelector: labels,
      fieldSelector: fields,
      resourceVersion: metadata?.resourceVersion,
    };
    const path = `${pathOf(resource, namespace)}${query(parameters)}`;
    for await (const { type, object } of watchLines<T>(connection, path, { signal })) {
      if (type === 'ERROR') break;
      if (type === 'BOOKMARK') continue;
      const changed = { ...object, apiVersion: apiVersionOf(resource), kind: resource.kind };
      yield { changed, isGone: type === 'DELETED' };
    }
  }
}

/** Every object of a selection as it is now, and after each change, but not its end; until `signal`, which makes it throw. */
export async function* statesOf<T extends KubeObject>(
  connection: Connection,
  resource: Resource,
  selection: Selection,
  signal: AbortSignal,
): AsyncGenerator<T> {
  for await (const each of seen<T>(connection, resource, selection, signal)) {
    if ('listed' in each) yield* each.listed;
    else if (!each.isGone) yield each.changed;
  }
}

/** Names one object, or the place where one may be. */
export interface Address {
  resource: Resource;
  namespace: string | undefined;
  name: string;
}

/** One object as it is now and after each change, undefined while it is not there; until `signal`, which makes it throw. */
export async function* stateOf<T extends KubeObject>(
  connection: Connection,
  { resource, namespace, name }: Address,
  signal: AbortSignal,
): AsyncGenerator<T | undefined> {
  const selection = { namespace, fields: `metadata.name=${name}` };
  for await (const each of seen<T>(connection, resource, selection, signal)) {
    if ('listed' in each) yield each.listed[0];
    else yield each.isGone ? undefined : each.changed;
  }
}

/** The lines of a text that comes in pieces. */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let rest = '';
  const decoder = new TextDecoder();
  for await (const chunk of chunks) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    yield* lines;
  }
  if (rest) yield rest;
}
