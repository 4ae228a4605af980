import { afterEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import type { Retention } from '../../storage/log/retention.ts';
import { openMemoryStorage } from '../../storage/memory/index.ts';
import type { Peer } from '../http/message.ts';
import { testServer } from '../testing/testingServer.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const admin = { commonName: 'admin', organizations: ['system:masters'] };
const jane = { commonName: 'jane', organizations: ['devs'] };
type Server = Awaited<ReturnType<typeof testServer>>;

const open = (changes: Parameters<typeof testServer>[0] = {}) =>
  testServer({ deployment: 'test', ...changes });
const put = ({ send }: Server, name: string) => send(`POST ${configMaps}`, { body: { metadata: { name } } });

const ends: AbortController[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end.abort();
});

/** Asks for events as a browser does. */
async function follow(
  { handle, clock }: Server,
  query: string,
  { id, certificate = admin }: { id?: string; certificate?: Peer['certificate'] } = {},
) {
  const end = new AbortController();
  ends.push(end);
  const headers: Record<string, string> = id === undefined ? {} : { 'last-event-id': id };
  const answer = await handle({
    ...{ method: 'GET', target: `/events${query}`, signal: end.signal },
    header: (name) => headers[name],
    headersBeginning: () => [],
    body: async () => Buffer.from(''),
    peer: { address: '127.0.0.1', ...(certificate && { certificate }) },
  });
  const { body, status } = answer;
  if (body instanceof Uint8Array) return { status, json: JSON.parse(Buffer.from(body).toString()) };
  const iterator = body[Symbol.asyncIterator]();
  /** The next block, by its fields; a comment is called `comment`. Undefined at the end. */
  const block = async (): Promise<Record<string, string> | undefined> => {
    const { value, done } = await iterator.next();
    if (done) return undefined;
    const text = Buffer.from(value).toString();
    expect(text).toMatch(/\n\n$/);
    return Object.fromEntries(
      text
        .trimEnd()
        .split('\n')
        .map((line) => [line.slice(0, line.indexOf(':')) || 'comment', line.slice(line.indexOf(':') + 2)]),
    );
  };
  const first = await block();
  return {
    ...{ status, answer, block, first, end, clock },
    next: async () => {
      const { id: place, data } = (await block())!;
      return { id: place, event: JSON.parse(data!) };
    },
  };
}
type Stream = Exclude<Awaited<ReturnType<typeof follow>>, { json: unknown }>;
const stream = async (...asked: Parameters<typeof follow>) => (await follow(...asked)) as Stream;

describe('GET /events', () => {
  test('tells of what happens from now on, as CloudEvents', async () => {
    const server = await open();
    await put(server, 'before');
    const { answer, first, next } = await stream(server, '');
    expect(answer.headers).toMatchObject({ 'content-type': 'text/event-stream' });
    expect(first).toMatchObject({ retry: '2000', id: expect.stringContaining('configmaps:2') });
    await put(server, 'a');
    const { event } = await next();
    expect(event).toMatchObject({
      specversion: '1.0',
      type: 'dev.shallop.object.added',
      source: '/shallop/test/clusters/default',
      subject: `${configMaps}/a`,
      data: { kind: 'ConfigMap', metadata: { name: 'a' } },
    });
  });

  test('goes on after the id that a client shows, with resources that came to be meanwhile', async () => {
    const server = await open();
    const before = await stream(server, '?resource=configmaps&resource=pods');
    await put(server, 'a');
    const { id } = await before.next();
    before.end.abort();
    await put(server, 'b');
    await server.send('POST /api/v1/namespaces/default/pods', {
      body: { metadata: { name: 'p' }, spec: { containers: [{ name: 'c', image: 'i' }] } },
    });
    const { next } = await stream(server, '?resource=configmaps&resource=pods', { id });
    const subjects = [(await next()).event.subject, (await next()).event.subject];
    expect(subjects.sort()).toEqual([`${configMaps}/b`, '/api/v1/namespaces/default/pods/p']);
  });

  test('answers 410 when that is too long ago', async () => {
    const clock = new ManualClock();
    const retention: Partial<Retention> = { keepAtLeast: 1, keepAtMost: 2 };
    const server = await open({ storage: openMemoryStorage({ clock, retention }) });
    for (const name of ['a', 'b', 'c', 'd']) await put(server, name);
    expect(await follow(server, '?resource=configmaps', { id: 'configmaps:2' })).toMatchObject({
      status: 410,
      json: { reason: 'Expired', code: 410 },
    });
  });

  test('takes back the id of a stream of very many resources', async () => {
    const id = Array.from({ length: 400 }, (_, i) => `widgets${i}.example.org:zzzz`).join(',');
    expect(await follow(await open(), '', { id })).toMatchObject({ status: 200 });
  });

  test.each(['x', 'configmaps:', 'configmaps:2,', `a:${'z'.repeat(30)}`, 'a:1,'.repeat(9_000)])(
    'refuses an id that it never gave: %.20s',
    async (id) => expect(await follow(await open(), '', { id })).toMatchObject({ status: 400 }),
  );

  test('keeps to a namespace, resources and a pattern', async () => {
    const server = await open();
    await server.send('POST /api/v1/namespaces', { body: { metadata: { name: 'dev' } } });
    const pattern = encodeURIComponent(
      JSON.stringify({ detail: { data: { metadata: { name: [{ prefix: 'b' }] } } } }),
    );
    const { next } = await stream(server, `?namespace=default&resource=configmaps&pattern=${pattern}`);
    await server.send('POST /api/v1/namespaces/dev/configmaps', { body: { metadata: { name: 'bb' } } });
    await put(server, 'a');
    await put(server, 'b');
    expect((await next()).event.subject).toBe(`${configMaps}/b`);
  });

  test.each([
    ['?resource=nothings', 'there are no events of the resource "nothings"'],
    ['?resource=events', 'there are no events of the resource "events"'],
    ['?resource=nodes&namespace=default', '"nodes" is in no namespace'],
    ['?pattern=x', 'pattern is no JSON'],
    [
      '?pattern=%7B%22id%22%3A%5B1%5D%7D',
      'pattern.id: Unsupported value: "id": supported values: source, detail-type, detail',
    ],
  ])('refuses %s', async (query, message) =>
    expect(await follow(await open(), query)).toMatchObject({ status: 400, json: { message } }),
  );

  test('where following costs, wants resources to be named', async () => {
    const server = await open({ mostEventResources: 1 });
    expect(await follow(server, '')).toMatchObject({ status: 400 });
    expect(await follow(server, '?resource=pods&resource=configmaps')).toMatchObject({ status: 400 });
    expect(await follow(server, '?resource=pods')).toMatchObject({ status: 200 });
  });

  test('says of a Secret only the metadata', async () => {
    const server = await open();
    const { next } = await stream(server, '?resource=secrets');
    const secret = { metadata: { name: 's' }, data: { p: 'aHVudGVy' } };
    await server.send('POST /api/v1/namespaces/default/secrets', { body: secret });
    const { event } = await next();
    expect(event.data.metadata.name).toBe('s');
    expect(JSON.stringify(event)).not.toContain('aHVudGVy');
  });

  test('says now and then that there is nothing new, and where it stands', async () => {
    const server = await open();
    const { block, clock } = await stream(server, '?resource=configmaps');
    const next = block();
    while (clock.sleeping === 0) await new Promise(setImmediate);
    await clock.advance(15_000);
    expect(await next).toEqual({ comment: 'nothing new', id: 'none' });
  });

  test('ends after a while, so that rights that were taken away do not last', async () => {
    const server = await open({ longestWatchMs: 60_000 });
    const { block, clock } = await stream(server, '?resource=configmaps');
    let last = block();
    for (let i = 0; i < 6; i++) {
      await clock.advance(15_000);
      const found = await last;
      if (!found) return;
      last = block();
    }
    throw new Error('it did not end');
  });

  test('leaves no watch behind, read or not', async () => {
    const clock = new ManualClock();
    const inner = openMemoryStorage({ clock });
    let watching = 0;
    const storage = new Proxy(inner, {
      get(of, name) {
        if (name !== 'watch') return (of[name as keyof typeof of] as () => void).bind(of);
        return async function* (...args: Parameters<typeof inner.watch>) {
          watching++;
          try {
            yield* inner.watch(...args);
          } finally {
            watching--;
          }
        };
      },
    });
    const server = await open({ storage });
    const { end } = await stream(server, '');
    expect(watching).toBeGreaterThan(30);
    end.abort();
    const gone = await follow(server, '?resource=configmaps', { id: 'configmaps:zz' });
    expect(gone.status).toBe(410);
    for (let i = 0; i < 50 && watching > 0; i++) await new Promise(setImmediate);
    expect(watching).toBe(0);
  });

  test('is not there where nobody named the control plane', async () => {
    const { send } = await testServer();
    expect((await send('GET /events')).status).toBe(404);
  });

  test('is only read', async () => {
    const { send } = await open();
    expect((await send('POST /events')).status).toBe(405);
    expect((await send('GET /events/other')).status).toBe(404);
  });
});

describe('rights to events', () => {
  const rbac = '/apis/rbac.authorization.k8s.io/v1';
  const subjects = [{ kind: 'User', name: 'jane' }];
  const apiGroup = 'rbac.authorization.k8s.io';
  const mayOpen = async ({ send }: Server) => {
    const rules = [{ verbs: ['get'], nonResourceURLs: ['/events'] }];
    await send(`POST ${rbac}/clusterroles`, { body: { metadata: { name: 'events' }, rules } });
    const roleRef = { apiGroup, kind: 'ClusterRole', name: 'events' };
    await send(`POST ${rbac}/clusterrolebindings`, {
      body: { metadata: { name: 'events' }, subjects, roleRef },
    });
  };
  const mayWatch = async ({ send }: Server, resource: string) => {
    const rules = [{ verbs: ['watch'], apiGroups: [''], resources: [resource] }];
    const at = `${rbac}/namespaces/default`;
    await send(`POST ${at}/roles`, { body: { metadata: { name: resource }, rules } });
    const roleRef = { apiGroup, kind: 'Role', name: resource };
    await send(`POST ${at}/rolebindings`, { body: { metadata: { name: resource }, subjects, roleRef } });
  };
  const asJane = { certificate: jane };

  test('are two: to the path, and to watch the kind', async () => {
    const server = await open();
    await mayWatch(server, 'configmaps');
    expect(await follow(server, '?namespace=default&resource=configmaps', asJane)).toMatchObject({
      status: 403,
      json: { message: 'forbidden: User "jane" cannot get path "/events"' },
    });
    await mayOpen(server);
    expect(await follow(server, '?namespace=default&resource=configmaps', asJane)).toMatchObject({
      status: 200,
    });
    expect(await follow(server, '?namespace=default&resource=secrets', asJane)).toMatchObject({
      status: 403,
      json: { message: expect.stringContaining('User "jane" cannot watch resource "secrets"') },
    });
    expect(await follow(server, '?resource=configmaps', asJane)).toMatchObject({ status: 403 });
    expect(await follow(server, '', asJane)).toMatchObject({ status: 403 });
  });

  test('leave out, where nothing is named, what the user may not watch', async () => {
    const server = await open();
    await mayOpen(server);
    await mayWatch(server, 'configmaps');
    const { next } = await stream(server, '?namespace=default', asJane);
    await server.send('POST /api/v1/namespaces/default/secrets', { body: { metadata: { name: 'hidden' } } });
    await put(server, 'shown');
    expect((await next()).event.subject).toBe(`${configMaps}/shown`);
  });

  test('are not had by the id of somebody else', async () => {
    const server = await open();
    await mayOpen(server);
    await mayWatch(server, 'configmaps');
    const id = 'configmaps:1,secrets:1';
    await server.send('POST /api/v1/namespaces/default/secrets', { body: { metadata: { name: 'hidden' } } });
    await put(server, 'shown');
    const { next } = await stream(server, '?namespace=default', { ...asJane, id });
    expect((await next()).event.subject).toBe(`${configMaps}/shown`);
  });
});
