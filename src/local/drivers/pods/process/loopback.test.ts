import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { dialLoopback } from './loopback.ts';

const here = (command: string[]) => command;

test('a process connects, and hands over a connection of which each side ends its half alone', async () => {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.write('first ');
    void text(socket).then((said) => socket.end(`got ${said.length}`));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  const socket = await dialLoopback(here, port, {});
  socket.end('x'.repeat(500_000));
  expect(await text(socket)).toBe('first got 500000');
  await new Promise((resolve) => server.close(resolve));
  await expect(dialLoopback(here, port, {})).rejects.toThrow(`connect ECONNREFUSED 127.0.0.1:${port}`);
});

test('what cannot go there says so', async () => {
  await expect(dialLoopback(() => ['/no/such/program'], 1, {})).rejects.toThrow('ENOENT');
});
