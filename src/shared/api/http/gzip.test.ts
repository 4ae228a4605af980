import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { testServer } from '../testing/testingServer.ts';
import { compressed } from './gzip.ts';
import type { ApiRequest, ApiResponse } from './message.ts';

const configMaps = '/api/v1/namespaces/default/configmaps';
const requestWith = (encoding: string) =>
  ({ header: (name: string) => (name === 'accept-encoding' ? encoding : undefined) }) as ApiRequest;
const answer = (body: ApiResponse['body'], headers = {}): ApiResponse => ({ status: 200, headers, body });
const large = Buffer.alloc(200 * 1024, 'a');

async function bytesOf(body: ApiResponse['body']): Promise<Buffer> {
  if (body instanceof Uint8Array) return Buffer.from(body);
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

describe('compressed', () => {
  test.each([
    ['gzip', true],
    ['br, gzip;q=0.5', true],
    ['gzip;q=0', false],
    ['identity', false],
    ['', false],
  ])('a large answer for %j: %j', async (encoding, isZipped) => {
    const { headers, body } = await compressed(requestWith(encoding), answer(large));
    expect(headers['content-encoding']).toBe(isZipped ? 'gzip' : undefined);
    const bytes = await bytesOf(body);
    expect((isZipped ? gunzipSync(bytes) : bytes).equals(large)).toBe(true);
  });

  test('a small answer and a failure stay as they are', async () => {
    const small = answer(Buffer.from('x'));
    expect(await compressed(requestWith('gzip'), small)).toBe(small);
    const failed = { ...answer(large), status: 500 };
    expect(await compressed(requestWith('gzip'), failed)).toBe(failed);
  });

  test('a stream arrives whole, says that it varies, and fails when its source does', async () => {
    const pieces = async function* (fails = false) {
      yield large;
      if (fails) throw new Error('gone');
      yield large;
    };
    const { headers, body } = await compressed(requestWith('gzip'), answer(pieces(), { vary: 'Accept' }));
    expect(headers.vary).toBe('Accept, Accept-Encoding');
    expect(gunzipSync(await bytesOf(body)).length).toBe(2 * large.length);
    const broken = await compressed(requestWith('gzip'), answer(pieces(true)));
    await expect(bytesOf(broken.body)).rejects.toThrow('gone');
  });
});

test('a long list is compressed, a watch of the same is not', async () => {
  const { send, open, handle } = await testServer();
  const data = { k: 'x'.repeat(100_000) };
  for (const name of ['a', 'b', 'c'])
    await send(`POST ${configMaps}`, { body: { metadata: { name }, data } });
  const headers = { 'accept-encoding': 'gzip' };
  const request = {
    method: 'GET',
    target: configMaps,
    header: (name: string) => headers[name as keyof typeof headers],
    headersBeginning: () => [],
    body: async () => new Uint8Array(),
    peer: { address: '', internal: { user: 'u', groups: ['system:masters'] } },
    signal: new AbortController().signal,
  };
  const list = await handle(request);
  expect(list.headers['content-encoding']).toBe('gzip');
  expect(JSON.parse(gunzipSync(await bytesOf(list.body)).toString()).items).toHaveLength(3);
  const watch = await open(`GET ${configMaps}?watch=true`, { headers });
  expect(watch.answer.headers['content-encoding']).toBeUndefined();
  expect(await watch.next()).toMatchObject({ type: 'ADDED' });
  await watch.close();
});
