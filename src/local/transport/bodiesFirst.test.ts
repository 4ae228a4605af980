import { expect, test } from '@jest/globals';
import type { ApiRequest } from '../../shared/api/http/message.ts';
import { bodiesFirst } from './bodiesFirst.ts';

const ask = (seen: string[], method: string, target: string, body: Promise<Uint8Array>) => {
  const handle = bodiesFirst(async (request) => {
    seen.push(target);
    return { status: 200, headers: {}, body: method === 'GET' ? new Uint8Array() : await request.body(10) };
  });
  return handle({
    ...{ method, target, peer: { address: '127.0.0.1' }, signal: new AbortController().signal },
    header: () => undefined,
    headersBeginning: () => [],
    body: () => body,
  } satisfies ApiRequest);
};

test('A9: a write is dealt with once its body has come', async () => {
  const seen: string[] = [];
  const slow = Promise.withResolvers<Uint8Array>();
  const first = ask(seen, 'POST', '/slow', slow.promise);
  const second = await ask(seen, 'POST', '/quick', Promise.resolve(Buffer.from('{}')));
  expect([seen, String(second.body)]).toEqual([['/quick'], '{}']);
  slow.reject(new Error('cut off'));
  await expect(first).rejects.toThrow('cut off');
  expect(seen).toEqual(['/quick', '/slow']);
});

test('what is passed on as it comes waits for nothing', async () => {
  const seen: string[] = [];
  const never = new Promise<Uint8Array>(() => {});
  await ask(seen, 'GET', '/a', never);
  void ask(seen, 'POST', '/api/v1/namespaces/n/pods/p/proxy/x', never);
  await new Promise((resolve) => setImmediate(resolve));
  expect(seen).toEqual(['/a', '/api/v1/namespaces/n/pods/p/proxy/x']);
});
