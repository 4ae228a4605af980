import { expect, test } from '@jest/globals';
import type { ApiRequest, ApiResponse } from '../../shared/api/http/message.ts';
import { limitInFlight } from './inFlight.ts';

const limits = { readOnly: 8, mutating: 4 };

/** Requests that are answered when they are let go. */
function held() {
  const waiting: (() => void)[] = [];
  const answer: ApiResponse = { status: 200, headers: {}, body: new Uint8Array() };
  const handle = limitInFlight(
    () => new Promise<ApiResponse>((resolve) => waiting.push(() => resolve(answer))),
    limits,
  );
  const ask = (method: string, agent: string) =>
    handle({
      method,
      target: '/',
      header: (name) => (name === 'user-agent' ? agent : undefined),
      headersBeginning: () => [],
      body: async () => new Uint8Array(),
      peer: { address: '127.0.0.1', certificate: { commonName: 'admin', organizations: [] } },
      signal: new AbortController().signal,
    } satisfies ApiRequest);
  return { ask, letGo: () => waiting.splice(0).forEach((go) => void go()) };
}

const statuses = async (asked: Promise<ApiResponse>[]) =>
  (await Promise.all(asked)).map(({ status }) => status);

test('one client gets three quarters, and another one still the rest', async () => {
  const { ask, letGo } = held();
  const flood = Array.from({ length: 10 }, () => ask('GET', 'flood'));
  const other = [ask('GET', 'kubectl'), ask('GET', 'kubectl'), ask('GET', 'kubectl')];
  letGo();
  expect(await statuses(flood)).toEqual([...Array(6).fill(200), ...Array(4).fill(429)]);
  expect(await statuses(other)).toEqual([200, 200, 429]);
});

test('writes have a limit of their own', async () => {
  const { ask, letGo } = held();
  const asked = ['a', 'b', 'c', 'd', 'e'].map((agent) => ask('POST', agent));
  const read = ask('GET', 'a');
  // Bodies come first.
  await new Promise((resolve) => setImmediate(resolve));
  letGo();
  expect(await statuses([...asked, read])).toEqual([200, 200, 200, 200, 429, 200]);
});

test('what is over makes room, also when it failed', async () => {
  const handle = limitInFlight(
    async () => {
      throw new Error('broken');
    },
    { readOnly: 1, mutating: 1 },
  );
  const request = { method: 'GET', header: () => undefined, peer: { address: '' } } as unknown as ApiRequest;
  for (let n = 0; n < 3; n++) await expect(handle(request)).rejects.toThrow('broken');
});

test('the refusal is a Status, and says when to come again', async () => {
  const handle = limitInFlight(async () => ({ status: 200, headers: {}, body: new Uint8Array() }), {
    readOnly: 0,
    mutating: 0,
  });
  const request = { method: 'GET', header: () => undefined, peer: { address: '' } } as unknown as ApiRequest;
  const { status, headers, body } = await handle(request);
  expect({ status, retry: headers['retry-after'] }).toEqual({ status: 429, retry: '1' });
  expect(JSON.parse(Buffer.from(body as Uint8Array).toString())).toMatchObject({
    kind: 'Status',
    reason: 'TooManyRequests',
    details: { retryAfterSeconds: 1 },
  });
});

test('A9: a write whose body has not come takes no place', async () => {
  const handle = limitInFlight(
    async (request) => ({ status: 200, headers: {}, body: await request.body(10) }),
    limits,
  );
  const ask = (agent: string, body: Promise<Uint8Array>) =>
    handle({
      method: 'POST',
      target: '/',
      header: (name) => (name === 'user-agent' ? agent : undefined),
      headersBeginning: () => [],
      body: () => body,
      peer: { address: '127.0.0.1' },
      signal: new AbortController().signal,
    } satisfies ApiRequest);
  const bodies = Array.from({ length: 20 }, () => Promise.withResolvers<Uint8Array>());
  const slow = bodies.map(({ promise }, n) => ask(`slow-${n}`, promise));
  const body = Buffer.from('{}');
  const quick = await Promise.all([1, 2, 3].map(() => ask('kubectl', Promise.resolve(body))));
  expect(quick.map((answer) => [answer.status, answer.body])).toEqual(Array(3).fill([200, body]));
  bodies.forEach(({ reject }) => void reject(new Error('cut off')));
  expect((await Promise.allSettled(slow)).map(({ status }) => status)).toContain('rejected');
});
