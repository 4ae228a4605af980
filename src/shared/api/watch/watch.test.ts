import { describe, expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
type Server = Awaited<ReturnType<typeof testServer>>;

const put = ({ send }: Server, name: string, labels?: object) =>
  send(`POST ${configMaps}`, { body: { metadata: { name, ...(labels && { labels }) } } });
const relabel = ({ send }: Server, name: string, labels: object) =>
  send(`PATCH ${configMaps}/${name}`, {
    headers: { 'content-type': 'application/merge-patch+json' },
    body: { metadata: { labels } },
  });
const short = (event: { type: string; object: { metadata: { name?: string; resourceVersion: string } } }) =>
  `${event.type} ${event.object.metadata.name ?? ''} ${event.object.metadata.resourceVersion}`;

test('a selector shows leaving as DELETED with the old labels, and coming back as ADDED', async () => {
  const server = await testServer();
  const watch = await server.open(`GET ${configMaps}?watch=true&resourceVersion=1&labelSelector=x%3Dy`);
  await put(server, 'w', { x: 'y' });
  await relabel(server, 'w', { x: 'z' });
  await relabel(server, 'w', { x: 'y', more: '1' });
  await put(server, 'other');
  await server.send(`DELETE ${configMaps}/w`);
  expect(short(await watch.next())).toBe('ADDED w 2');
  const left = await watch.next();
  expect(short(left)).toBe('DELETED w 3');
  expect(left.object.metadata.labels).toEqual({ x: 'y' });
  expect(short(await watch.next())).toBe('ADDED w 4');
  expect(short(await watch.next())).toBe('DELETED w 6');
  await watch.close();
});

test.each([
  { query: 'fieldSelector=metadata.name%3Dw', ends: true },
  { query: 'labelSelector=x%3Dy', ends: false },
])('where it is asked for, a watch of $query ends with its object: $ends', async ({ query, ends }) => {
  const server = await testServer({ watchesEndWithObject: true });
  const watch = await server.open(`GET ${configMaps}?watch=true&resourceVersion=1&${query}`);
  await put(server, 'w', { x: 'y' });
  await server.send(`DELETE ${configMaps}/w`);
  await put(server, 'w', { x: 'y' });
  expect([short(await watch.next()), short(await watch.next())]).toEqual(['ADDED w 2', 'DELETED w 3']);
  const next = await watch.next();
  expect(next && short(next)).toBe(ends ? undefined : 'ADDED w 4');
  await watch.close();
});

describe('beginning', () => {
  test.each(['', '&resourceVersion=0'])('with everything there is ("%s")', async (query) => {
    const server = await testServer();
    await put(server, 'a');
    await put(server, 'b');
    const watch = await server.open(`GET ${configMaps}?watch=true${query}`);
    expect([short(await watch.next()), short(await watch.next())]).toEqual(['ADDED a 2', 'ADDED b 3']);
    await put(server, 'c');
    expect(short(await watch.next())).toBe('ADDED c 4');
    await watch.close();
  });

  test('with a bookmark that closes the initial events', async () => {
    const server = await testServer();
    await put(server, 'a');
    const watch = await server.open(
      `GET ${configMaps}?watch=true&sendInitialEvents=true&allowWatchBookmarks=true&resourceVersionMatch=NotOlderThan`,
    );
    expect(short(await watch.next())).toBe('ADDED a 2');
    expect(await watch.next()).toEqual({
      type: 'BOOKMARK',
      object: {
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { resourceVersion: '2', annotations: { 'k8s.io/initial-events-end': 'true' } },
      },
    });
    await watch.close();
  });

  test('sendInitialEvents without resourceVersionMatch is Invalid', async () => {
    const { send } = await testServer();
    expect(await send(`GET ${configMaps}?watch=true&sendInitialEvents=true`)).toMatchObject({
      status: 422,
      json: {
        message:
          'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: sendInitialEvents requires setting resourceVersionMatch to NotOlderThan',
      },
    });
  });

  test('at a revision of another history is an ERROR event on HTTP 200', async () => {
    const server = await testServer();
    const watch = await server.open(`GET ${configMaps}?watch=true&resourceVersion=4711`);
    expect(watch.answer.status).toBe(200);
    expect(await watch.next()).toMatchObject({
      type: 'ERROR',
      object: { kind: 'Status', reason: 'Expired', code: 410 },
    });
    expect(await watch.next()).toBeUndefined();
  });
});

test('after timeoutSeconds the stream ends with a bookmark', async () => {
  const server = await testServer();
  const watch = await server.open(
    `GET ${configMaps}?watch=true&allowWatchBookmarks=true&resourceVersion=1&timeoutSeconds=5`,
  );
  await put(server, 'a');
  expect(short(await watch.next())).toBe('ADDED a 2');
  const last = watch.next();
  await server.clock.advance(5_000);
  expect(short(await last)).toBe('BOOKMARK  2');
  expect(await watch.next()).toBeUndefined();
});

test('a quiet watch gets bookmarks', async () => {
  const server = await testServer();
  const watch = await server.open(`GET ${configMaps}?watch=true&allowWatchBookmarks=true&resourceVersion=1`);
  const first = watch.next();
  await server.clock.advance(120_000);
  expect(short(await first)).toBe('BOOKMARK  1');
  await watch.close();
});

test('a watch as Table gives the columns once', async () => {
  const server = await testServer();
  await put(server, 'a');
  await put(server, 'b');
  const watch = await server.open(`GET ${configMaps}?watch=true`, {
    headers: { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' },
  });
  const [first, second] = [await watch.next(), await watch.next()];
  expect(first).toMatchObject({
    type: 'ADDED',
    object: { kind: 'Table', rows: [{ cells: ['a', 0, '0s'] }] },
  });
  expect(first.object.columnDefinitions).toHaveLength(3);
  expect(second.object).toMatchObject({ columnDefinitions: null, metadata: { resourceVersion: '3' } });
  await watch.close();
});

test('the old watch path and a name in the field selector', async () => {
  const server = await testServer();
  await put(server, 'a');
  await put(server, 'b');
  for (const target of [
    '/api/v1/watch/namespaces/default/configmaps/b',
    `${configMaps}?watch=true&fieldSelector=metadata.name%3Db`,
  ]) {
    const watch = await server.open(`GET ${target}`);
    expect(short(await watch.next())).toBe('ADDED b 3');
    await watch.close();
  }
});

test('watchers of the same change share one encoding', async () => {
  const server = await testServer();
  const request = {
    method: 'GET',
    target: `${configMaps}?watch=true&resourceVersion=1`,
    header: () => undefined,
    headersBeginning: () => [],
    body: async () => new Uint8Array(),
    peer: { address: '', internal: { user: 'a', groups: ['system:masters'] } },
    signal: new AbortController().signal,
  };
  const open = async () => {
    const { body } = await server.handle(request);
    return (body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]();
  };
  const [one, two] = [await open(), await open()];
  const lines = [one.next(), two.next()];
  await put(server, 'a');
  const [a, b] = await Promise.all(lines);
  expect(a?.value).toBe(b?.value);
  await one.return?.();
  await two.return?.();
});
