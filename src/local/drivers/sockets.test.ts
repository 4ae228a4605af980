import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from '@jest/globals';
import { connectTo, datagramsTo } from './sockets.ts';

/** Keeps this process from running, as a machine does that has more to do than it can. */
const keepFromRunning = (ms: number) => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);

test('a connection that was accepted while this process got no turn is no late one', async () => {
  const server = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const connecting = connectTo(
    { host: '127.0.0.1', port: (server.address() as AddressInfo).port },
    { timeoutMs: 40 },
  );
  // By then the system has been asked for it.
  await new Promise((resolve) => process.nextTick(resolve));
  keepFromRunning(100);
  (await connecting).destroy();
  server.close();
});

test('a connection that nobody accepts is given up', async () => {
  const silent = { connect: () => new Promise<never>(() => {}) };
  const by = { ...silent, listen: silent.connect, bind: silent.connect };
  await expect(connectTo({ host: '192.0.2.1', port: 9, by }, { timeoutMs: 40 })).rejects.toMatchObject({
    code: 'ETIMEDOUT',
  });
});

test.each(['255.255.255.255', '::1'])('datagrams to %s, where none can go, are refused', async (host) => {
  await expect(datagramsTo({ host, port: 53 })).rejects.toThrow();
});

test('datagrams to what is there go through a connected socket', async () => {
  const socket = await datagramsTo({ host: '127.0.0.1', port: 9 });
  expect(socket.remoteAddress()).toMatchObject({ address: '127.0.0.1', port: 9 });
  socket.close();
});
