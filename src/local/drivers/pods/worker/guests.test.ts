import { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import type { Sockets } from '../../podNetwork.ts';
import type { Sandbox } from '../sandbox.ts';
import { connectTo } from './guests.ts';
import type { PodWorker } from './podWorker.ts';

const worker = {
  ref: { cluster: 'default', namespace: 'n', name: 'p', uid: 'u' },
  observe: () => ({
    podIP: '10.0.0.1',
    containerStatuses: [{ name: 'c', state: { running: {} }, containerID: 'process://u.c.0' }],
  }),
} as unknown as PodWorker;

test.each([
  { code: 'ECONNREFUSED', asked: ['c 80'] },
  { code: 'ETIMEDOUT', asked: [] },
  { code: 'EHOSTUNREACH', asked: [] },
])('after $code the loopback address of the Pod is asked: $asked', async ({ code, asked }) => {
  const heard: string[] = [];
  const inside = new Duplex();
  const by = {
    connect: async () => {
      throw Object.assign(new Error(code), { code });
    },
  } as unknown as Sockets;
  const sandbox = {
    reached: (host: string, port: number) => ({ host, port, by }),
    loopback: async ({ container }: { container: string }, port: number) => {
      heard.push(`${container} ${port}`);
      return inside;
    },
  } as unknown as Sandbox;
  const outcome = await connectTo(sandbox, worker, 80).catch(({ message }: Error) => message);
  expect(heard).toEqual(asked);
  expect(outcome).toBe(asked.length ? inside : `dial tcp 10.0.0.1:80: ${code}`);
});
