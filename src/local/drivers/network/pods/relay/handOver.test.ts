import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { expect, test } from '@jest/globals';
import { type Channel, openHandOver } from './handOver.ts';
import type { Message } from './messages.ts';

const connect = (port: number) => ({ op: 'connect', host: '127.0.0.1', port, timeoutMs: 5000 }) as const;

test('a connection that cannot be handed over is closed', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  const channel: Channel = { send: (_, __, done) => done(new Error('not connected')) };
  openHandOver(channel).hear({ id: 1, ...connect(port) }, undefined);
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.resume();
  await once(socket, 'close');
  server.close();
});

test('an answer without what it should bring is none', async () => {
  const sent: Message[] = [];
  const handOver = openHandOver({ send: (message) => void sent.push(message) });
  const asked = handOver.ask(connect(1));
  handOver.hear({ answers: (sent[0] as { id: number }).id }, undefined);
  await expect(asked).rejects.toMatchObject({ code: 'ECONNABORTED' });
});

test('what is asked on a channel that has ended is refused', async () => {
  const handOver = openHandOver({ send: () => {} });
  const asked = handOver.ask(connect(1));
  handOver.end();
  await expect(asked).rejects.toMatchObject({ code: 'ECONNABORTED' });
});
