import { expect, test } from '@jest/globals';
import { datagramsTo } from './sockets.ts';

test.each(['255.255.255.255', '::1'])('datagrams to %s, where none can go, are refused', async (host) => {
  await expect(datagramsTo({ host, port: 53 })).rejects.toThrow();
});

test('datagrams to what is there go through a connected socket', async () => {
  const socket = await datagramsTo({ host: '127.0.0.1', port: 9 });
  expect(socket.remoteAddress()).toMatchObject({ address: '127.0.0.1', port: 9 });
  socket.close();
});
