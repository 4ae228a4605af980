import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { testServer } from './testing/testingServer.ts';

/** Bad and odd requests with the answers of a real server (testdata/invalid), sent again here. */
const folder = new URL('./testdata/invalid/', import.meta.url);
const read = (name: string) => JSON.parse(readFileSync(new URL(name, folder), 'utf8'));
const cases = readdirSync(folder)
  .filter((name) => name.endsWith('.in.json'))
  .map((name) => name.replace('.in.json', ''));

const uuid = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const plain = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value)
      .replace(uuid, 'UID')
      .replace(/current: \d+/, 'current: N'),
  );

let server: Awaited<ReturnType<typeof testServer>>;
beforeAll(async () => {
  server = await testServer();
  const configMaps = 'POST /api/v1/namespaces/default/configmaps';
  await server.send(configMaps, { body: { metadata: { name: 'd-cm' }, data: { a: '1' } } });
  await server.send(configMaps, { body: { metadata: { name: 'd-immutable' }, data: {}, immutable: true } });
  const template = {
    metadata: { labels: { a: 'b' } },
    spec: { containers: [{ name: 'c', image: 'nginx' }] },
  };
  await server.send('POST /apis/apps/v1/namespaces/default/deployments', {
    body: { metadata: { name: 'd-deploy' }, spec: { selector: { matchLabels: { a: 'b' } }, template } },
  });
});

describe('refused as a real server refuses', () => {
  test.each(cases)('%s', async (name) => {
    const { method, path, headers = {}, body, user } = read(`${name}.in.json`);
    const recorded = read(`${name}.out.json`);
    const bearer = user === 'unknown bearer token' && { authorization: 'Bearer unknown' };
    const answering = server.send(`${method} ${path}`, {
      headers: {
        ...(method === 'PATCH' && { 'content-type': 'application/merge-patch+json' }),
        ...headers,
        ...bearer,
      },
      body,
      ...(user && { peer: {} }),
    });
    while (!(await Promise.race([answering.then(() => true), turn()]))) await server.clock.advance(100);
    const answer = await answering;
    expect(answer.status).toBe(recorded.status);
    if (recorded.status >= 400) expect(plain(answer.json ?? answer.text)).toEqual(plain(recorded.body));
  });
});

/** Lets continuations run; the clock is stepped only while an answer waits for it. */
const turn = () => new Promise<false>((resolve) => setImmediate(() => resolve(false)));

describe('a request with a timeout', () => {
  const configMaps = '/api/v1/namespaces/default/configmaps';
  test.each(['/version?timeout=invalid', `${configMaps}?timeout=5`])('%s is refused', async (path) => {
    const { status, json } = await server.send(`GET ${path}`);
    expect([status, json.message]).toEqual([
      400,
      expect.stringMatching(
        /^invalid timeout specified in the request URL - time: (invalid|missing unit in) duration "/,
      ),
    ]);
  });

  test.each(['/version?timeout=3m', `${configMaps}?timeout=0s`, `${configMaps}?timeout=`])(
    '%s is served',
    async (path) => {
      expect((await server.send(`GET ${path}`)).status).toBe(200);
    },
  );
});
