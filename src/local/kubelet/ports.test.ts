import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import type { Sockets } from '../drivers/podNetwork.ts';
import { openAt } from './ports.ts';

const refusing = (code: string): Sockets['listen'] => {
  return async ({ host, port }) => {
    if (port !== 0) throw Object.assign(new Error(`listen ${code}`), { code });
    const server = createServer().listen(0, host);
    await once(server, 'listening');
    return server;
  };
};

const openOn = (listen: Sockets['listen'], candidates: number[]) => {
  const by = { listen } as Sockets;
  return openAt({
    places: [{ host: '127.0.0.1', by }],
    candidates,
    accept: (socket) => void socket.end('x'),
    missing: () => {},
  });
};

test.each(['EADDRINUSE', 'EACCES'])('after %s the next candidate is tried', async (code) => {
  const open = await openOn(refusing(code), [10_250, 0]);
  const socket = connect(open.port, '127.0.0.1');
  expect(String(await once(socket, 'data'))).toBe('x');
  open.close();
});

test.each([
  ['EACCES', [10_250]],
  ['EADDRNOTAVAIL', [10_250, 0]],
])('%s of the candidates %j is told', async (code, candidates) => {
  await expect(openOn(refusing(code), candidates)).rejects.toMatchObject({ code });
});

test('strangers may not open connections without end', async () => {
  const held: ReturnType<typeof connect>[] = [];
  const open = await openAt({
    places: [{ host: '127.0.0.1' }],
    candidates: [0],
    accept: (socket) => void socket.on('error', () => {}).write('x'),
    missing: () => {},
  });
  for (let n = 0; n < 256; n++) held.push(connect(open.port, '127.0.0.1'));
  await Promise.all(held.map((socket) => once(socket, 'data')));
  const more = connect(open.port, '127.0.0.1');
  more.on('error', () => {}).resume();
  await new Promise((resolve) => more.once('close', resolve));
  held.pop()!.destroy();
  for (const socket of held) socket.destroy();
  open.close();
});
