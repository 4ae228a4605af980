import { connect, createServer } from 'node:net';
import { afterEach, expect } from '@jest/globals';
import { needs, notLinux } from '../../../../test/support/needs.ts';
import { freePort } from '../../../../tools/freePort.ts';
import { systemClock } from '../../../shared/clock/systemClock.ts';
import { openHostPorts } from './hostPorts.ts';

const ref = { cluster: 'default', namespace: 'ns', name: 'p', uid: 'u' };
const ports = openHostPorts({ nodeAddresses: ['127.0.0.1', '127.0.0.2'], clock: systemClock });
afterEach(() => ports.close(ref));

const server = createServer((socket) => socket.end('from the Pod'));
const say = (host: string, port: number) =>
  new Promise<string>((resolve) => {
    let text = '';
    connect({ host, port })
      .on('data', (data) => (text += data))
      .on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
      .on('close', () => resolve(text))
      .end();
  });

const { test: onLinux } = needs(notLinux);

onLinux('B16: a host port leads to the Pod on every address of the node, until it is closed', async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.9', resolve));
  const { port: containerPort } = server.address() as { port: number };
  const hostPort = await freePort();
  await ports.open(ref, '127.0.0.9', [{ hostPort, containerPort, protocol: 'TCP' }]);
  await ports.open(ref, '127.0.0.9', [{ hostPort, containerPort, protocol: 'TCP' }]);
  for (const address of ['127.0.0.1', '127.0.0.2']) expect(await say(address, hostPort)).toBe('from the Pod');
  await ports.close(ref);
  expect(await say('127.0.0.1', hostPort)).toBe('ECONNREFUSED');
  await new Promise((resolve) => server.close(resolve));
});

onLinux('B16: a host port that somebody has is refused by name, and then none is open', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.2', resolve));
  const { port: taken } = other.address() as { port: number };
  const free = await freePort();
  const wanted = [free, taken].map((hostPort) => ({ hostPort, containerPort: 1, protocol: 'TCP' }));
  await expect(ports.open(ref, '127.0.0.9', wanted)).rejects.toThrow(
    `cannot serve hostPort ${taken} on 127.0.0.2`,
  );
  expect(await say('127.0.0.1', free)).toBe('ECONNREFUSED');
  await new Promise((resolve) => other.close(resolve));
});
