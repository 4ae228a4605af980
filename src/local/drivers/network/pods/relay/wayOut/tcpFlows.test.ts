import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { afterEach, expect, test } from '@jest/globals';
import { until } from '../../../../../../../test/support/until.ts';
import { isReset, type Packet, packetIn } from './packets.ts';
import { TcpFlows } from './tcpFlows.ts';

const peer = '10.1.0.3';
const listener = { address: '10.1.0.2', port: 1 };
const syn = 2;

/** The packet by which a Pod, by the last of its address, begins a connection. */
function first(pod: number, port: number): Packet {
  const bytes = Buffer.alloc(40);
  bytes.set([0x45, 0, 0, 40, 0, 0, 0, 0, 64, 6, 0, 0, 10, 1, 1, pod, 192, 0, 2, 1]);
  bytes.writeUInt16BE(port, 20);
  bytes.set([0x50, syn], 32);
  return packetIn(bytes)!;
}

const closings: (() => void)[] = [];
afterEach(() => {
  for (const close of closings.splice(0)) close();
});

/** Both ends of a connection. */
async function pair(): Promise<[Socket, Socket]> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const near = connect((server.address() as { port: number }).port, '127.0.0.1');
  const [[far]] = await Promise.all([once(server, 'connection'), once(near, 'connect')]);
  closings.push(() => {
    near.destroy();
    far.destroy();
    server.close();
  });
  return [near, far];
}

/** What comes in at the listener. */
function incoming(remotePort: number) {
  const calls: string[] = [];
  const socket = Object.assign(new PassThrough(), {
    ...{ remoteAddress: peer, remotePort },
    resetAndDestroy: () => void calls.push('reset'),
    setTimeout: () => {},
    destroySoon: () => {},
    setKeepAlive: (_: boolean, ms: number) => void calls.push(`asked after ${ms} ms`),
  });
  return { socket: socket as unknown as Socket, calls };
}

async function begun() {
  const [near, far] = await pair();
  const injected: Packet[] = [];
  const flows = new TcpFlows({
    ...{ listener, peer },
    inject: (bytes) => void injected.push(packetIn(Buffer.from(bytes))!),
    connect: async () => near,
  });
  flows.take(first(9, 4000));
  await until('the first packet goes on', () => injected.length > 0);
  return { near, far, flows, ...incoming(injected[0]!.source.port) };
}

test('a Pod has a quarter of the connections at most, and is refused more', () => {
  const injected: Packet[] = [];
  let asked = 0;
  const flows = new TcpFlows({
    ...{ listener, peer },
    inject: (bytes) => void injected.push(packetIn(bytes)!),
    connect: () => {
      asked++;
      return new Promise(() => {});
    },
  });
  for (let port = 2000; port < 3024; port++) flows.take(first(9, port));
  expect([asked, injected.length]).toEqual([1024, 0]);
  flows.take(first(9, 3024));
  expect(asked).toBe(1024);
  expect(injected.map(isReset)).toEqual([true]);
  flows.take(first(10, 2000));
  expect(asked).toBe(1025);
});

test('a connection whose far side ended before its Pod was let in is reset', async () => {
  const { near, flows, socket, calls } = await begun();
  near.destroy();
  flows.accept(socket);
  expect(calls).toEqual(['reset']);
});

test('a connection is joined once, and its sides are asked whether they are there', async () => {
  const { far, flows, socket, calls } = await begun();
  flows.accept(socket);
  far.write('hello');
  expect(String((await once(socket, 'data'))[0])).toBe('hello');
  const { socket: another, calls: refused } = incoming(socket.remotePort!);
  flows.accept(another);
  expect([calls, refused]).toEqual([['asked after 60000 ms'], ['reset']]);
});
