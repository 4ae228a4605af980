import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { noServices } from '../../src/aws/webhooks.ts';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { WebhookAddress, WebhookRequest } from '../../src/shared/ports/webhooks.ts';
import { httpsWebhooks } from '../../src/shared/webhooks/https.ts';
import { openWebhookServer, type WebhookServer } from '../support/webhooks/server.ts';

/** The driver with what each plane gives it: `serves` tells whether Services are reached. */
const planes = [
  { name: 'local', serves: true },
  { name: 'aws', serves: false },
];

describe.each(planes)('webhooks ($name)', ({ serves }) => {
  let server: WebhookServer;
  let webhooks: ReturnType<typeof httpsWebhooks>;
  beforeAll(async () => {
    server = await openWebhookServer(new Map(), ['localhost', 'hooks.default.svc']);
    const find = serves ? async () => ({ host: '127.0.0.1', port: server.port }) : noServices;
    webhooks = httpsWebhooks({ clock: systemClock, find });
  });
  afterAll(async () => {
    webhooks.close();
    await server.close();
  });
  const to = (path: string): WebhookAddress => ({
    url: `https://${server.host}/${path}`,
    caBundle: server.caBundle,
  });
  const post = (address: WebhookAddress, more: Partial<WebhookRequest> = {}) =>
    webhooks.post({
      cluster: 'default',
      address,
      body: '{}',
      timeoutSeconds: 10,
      mostBytes: 100_000,
      ...more,
    });

  test('answer with whatever came back, whatever its status', async () => {
    expect(await post(to('s503'))).toEqual({
      status: 503,
      contentType: 'text/plain',
      body: Buffer.from('the text'),
    });
  });

  test('are asked at their path without slashes too many, as envtest writes them', async () => {
    await post(to('/log//'));
    expect(server.asked.at(-1)?.path).toBe('/log?timeout=10s');
  });

  test('are told how long they have', async () => {
    await post(to('log'), { timeoutSeconds: 7 });
    expect(server.asked.at(-1)?.path).toBe('/log?timeout=7s');
  });

  test('are asked over one connection, one call after the other', async () => {
    await post(to('log'));
    const before = server.connections();
    for (let i = 0; i < 5; i++) await post(to('log'));
    expect(server.connections()).toBe(before);
  });

  test('that redirect are not followed', async () => {
    expect((await post(to('redirect'))).status).toBe(307);
  });

  test('that never stop to answer are cut off', async () => {
    await expect(post(to('flood'))).rejects.toThrow('the answer has more than 100000 bytes');
  });

  test('that hang are given up in time, and do not delay others', async () => {
    const hanging = post(to('hang'), { timeoutSeconds: 1 });
    expect((await post(to('log'))).status).toBe(200);
    await expect(hanging).rejects.toThrow(
      `Post "https://${server.host}/hang?timeout=1s": context deadline exceeded`,
    );
  });

  test('are given up when nobody waits any more', async () => {
    const gone = new AbortController();
    const waiting = post(to('hang'), { signal: gone.signal });
    gone.abort();
    await expect(waiting).rejects.toThrow('context canceled');
  });

  test('have to show a certificate of the authority that is given', async () => {
    const other = await openWebhookServer(new Map());
    await expect(post({ ...to('log'), caBundle: other.caBundle })).rejects.toThrow(
      'tls: failed to verify certificate: x509: certificate signed by unknown authority',
    );
    await other.close();
  });

  test('may be trusted by their own certificate, as envtest has it', async () => {
    expect((await post({ ...to('log'), caBundle: server.ownBundle })).status).toBe(200);
  });

  test('have to show one for the host of the URL', async () => {
    const address = { ...to('log'), url: `https://127.0.0.1:${server.port}/log` };
    await expect(post(address)).rejects.toThrow('x509: cannot validate certificate for 127.0.0.1');
  });

  const service = { namespace: 'default', name: 'hooks', path: '/log' };
  if (serves)
    test('of a Service show one for its name', async () => {
      expect((await post({ service, caBundle: server.caBundle })).status).toBe(200);
      expect(server.asked.at(-1)?.headers.host).toBe('hooks.default.svc:443');
      const other = { ...service, name: 'other' };
      await expect(post({ service: other, caBundle: server.caBundle })).rejects.toThrow(
        'x509: certificate is valid for localhost, hooks.default.svc, not other.default.svc',
      );
    });
  else
    test('of a Service are refused with the way out', async () => {
      await expect(post({ service, caBundle: server.caBundle })).rejects.toThrow(
        /^Post "https:\/\/hooks\.default\.svc:443\/log\?timeout=10s": service "default\/hooks" cannot be reached on AWS, .*give the webhook a url/,
      );
    });
});
