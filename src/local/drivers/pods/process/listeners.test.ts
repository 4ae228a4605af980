import { createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { needs, notLinux } from '../../../../../test/support/needs.ts';
import { listensOnLoopback } from './listeners.ts';

needs(notLinux).test.each(['127.0.0.1', '127.9.8.7', '::1', '::'])(
  'a program that listens on %s is found, and no other port or process',
  async (host) => {
    const server = createServer();
    const listens = await new Promise<boolean>((resolve) =>
      server.once('error', () => resolve(false)).listen(0, host, () => resolve(true)),
    );
    // A machine may have no IPv6.
    if (!listens) return;
    const { port } = server.address() as { port: number };
    const gone = 0;
    expect(await listensOnLoopback(port, [gone, process.pid])).toBe(true);
    expect(await listensOnLoopback(port, [gone])).toBe(false);
    await new Promise((resolve) => server.close(resolve));
    expect(await listensOnLoopback(port, [process.pid])).toBe(false);
  },
);

test('where nothing of a Pod runs nobody listens', async () => {
  expect(await listensOnLoopback(80, [])).toBe(false);
});
