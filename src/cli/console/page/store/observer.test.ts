import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import type { Thing } from '../api/types.ts';
import { Observer } from './observer.ts';

/** A server as far as the page sees it: lists by path, and a stream that the test writes. */
let lists: Record<string, { code?: number; version: string; names: string[] }>;
let asked: string[];
let streams: { paths: string[]; write(line: object): void; end(): void }[];
let ends: (() => void)[];
const before = globalThis.fetch;

beforeEach(() => {
  lists = { a: { version: '1', names: ['x'] }, b: { version: '5', names: ['y'] } };
  asked = [];
  streams = [];
  ends = [];
  globalThis.fetch = (async (url: string, init: RequestInit) => {
    if (url.startsWith('watch?')) return stream(url, init.signal!);
    asked.push(url);
    const { code = 200, version, names } = lists[url.split('?')[0]!]!;
    const items = names.map((name) => ({ metadata: { name } }));
    const body = code === 200 ? { items, metadata: { resourceVersion: version } } : { code, message: 'no' };
    return new Response(JSON.stringify(body), { status: code });
  }) as typeof fetch;
});
afterEach(() => {
  for (const end of ends) end();
  globalThis.fetch = before;
  jest.useRealTimers();
});

function stream(url: string, signal: AbortSignal): Response {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  const paths = new URLSearchParams(url.split('?').slice(1).join('?')).getAll('path');
  // As fetch does it: a request that is given up errors its body.
  signal.addEventListener('abort', () => void writer.abort(signal.reason).catch(() => {}));
  streams.push({
    paths,
    write: (line) => void writer.write(new TextEncoder().encode(`${JSON.stringify(line)}\n`)).catch(() => {}),
    end: () => void writer.close().catch(() => {}),
  });
  return new Response(readable);
}

function observe(...paths: string[]) {
  const observer = new Observer();
  ends.push(...paths.map((path) => observer.look(path)));
  const names = (path: string) =>
    [...observer.listed(path).objects.values()].map((each: Thing) => each.metadata.name);
  const until = async (condition: () => boolean) => {
    while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2));
  };
  return { observer, names, until };
}
const event = (of: number, type: string, name: string, resourceVersion: string) => ({
  of,
  event: { type, object: { metadata: { name, resourceVersion } } },
});

test('lists are listed once and followed in one stream, which goes on where it ended', async () => {
  const { names, until } = observe('a', 'b');
  await until(() => streams.length === 1);
  expect(streams[0]!.paths).toEqual(['a?resourceVersion=1', 'b?resourceVersion=5']);
  streams[0]!.write(event(0, 'ADDED', 'z', '7'));
  streams[0]!.write(event(1, 'DELETED', 'y', '8'));
  await until(() => names('a').length === 2 && names('b').length === 0);
  streams[0]!.end();
  await until(() => streams.length === 2);
  expect(streams[1]!.paths).toEqual(['a?resourceVersion=7', 'b?resourceVersion=8']);
  expect(asked).toEqual(['a?limit=500', 'b?limit=500']);
});

test('a version that the server no longer has lists that list again, and no other', async () => {
  const { names, until } = observe('a', 'b');
  await until(() => streams.length === 1);
  lists.a = { version: '20', names: ['new'] };
  streams[0]!.write({ of: 0, event: { type: 'ERROR', object: { code: 410, metadata: {} } } });
  streams[0]!.end();
  await until(() => streams.length === 2);
  expect(names('a')).toEqual(['new']);
  expect(streams[1]!.paths).toEqual(['a?resourceVersion=20', 'b?resourceVersion=5']);
  expect(asked).toHaveLength(3);
});

test('one that is refused is told of, and the others go on', async () => {
  lists.b!.code = 403;
  const { observer, names, until } = observe('a', 'b');
  await until(() => streams.length === 1);
  expect(streams[0]!.paths).toEqual(['a?resourceVersion=1']);
  expect(observer.listed('b')).toMatchObject({ isLoaded: true, problem: { code: 403, message: 'no' } });
  streams[0]!.write(event(0, 'ADDED', 'z', '7'));
  await until(() => names('a').length === 2);
});

test('a watch that is refused within the stream keeps what was listed, and the others go on', async () => {
  const { observer, names, until } = observe('a', 'b');
  await until(() => streams.length === 1);
  streams[0]!.write({ of: 1, status: { code: 403, message: 'no watch' } });
  streams[0]!.write(event(0, 'ADDED', 'z', '7'));
  await until(() => names('a').length === 2);
  expect(observer.listed('b').problem).toEqual({ code: 403, message: 'no watch' });
  expect(names('b')).toEqual(['y']);
  expect(streams).toHaveLength(1);
});

test('one that may be listed and not watched is left alone while the others go on', async () => {
  const { observer, names, until } = observe('a', 'b');
  await until(() => streams.length === 1);
  streams[0]!.write({ of: 1, status: { code: 403, message: 'no watch' } });
  await until(() => observer.listed('b').problem !== undefined);
  streams[0]!.end();
  await until(() => streams.length === 2);
  expect(streams[1]!.paths).toEqual(['a?resourceVersion=1']);
  expect(asked).toEqual(['a?limit=500', 'b?limit=500']);
  expect(names('b')).toEqual(['y']);
});

test('the only one that may be listed and not watched is tried again half a minute later', async () => {
  jest.useFakeTimers();
  const { observer } = observe('a');
  await jest.advanceTimersByTimeAsync(1);
  streams[0]!.write({ of: 0, status: { code: 403, message: 'no watch' } });
  streams[0]!.end();
  await jest.advanceTimersByTimeAsync(29_000);
  expect(observer.listed('a')).toMatchObject({ isLoaded: true, problem: { code: 403 } });
  expect([asked.length, streams.length]).toEqual([1, 1]);
  await jest.advanceTimersByTimeAsync(2_000);
  expect([asked.length, streams.length]).toEqual([2, 2]);
});

test('another look opens another stream with both, and lists only what is new', async () => {
  const { observer, until } = observe('a');
  await until(() => streams.length === 1);
  ends.push(observer.look('b'));
  await until(() => streams.length === 2);
  expect(streams[1]!.paths).toEqual(['a?resourceVersion=1', 'b?resourceVersion=5']);
  expect(asked).toEqual(['a?limit=500', 'b?limit=500']);
});

test('what nobody looks at any more is forgotten', async () => {
  const { observer, until } = observe('a');
  await until(() => streams.length === 1);
  ends.pop()!();
  await until(() => !observer.listed('a').isLoaded);
});
