import type { SendHandle } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer, Socket } from 'node:net';
import type { Answer, Order } from './messages.ts';

/**
 * The process in the network of Pods: it opens sockets there and hands them to the control plane, which then accepts,
 * reads and writes by itself. It ends with its channel, however the control plane ends.
 */
process.on('disconnect', () => process.exit(0));
process.on('message', (order: Order) => {
  if (order.op === 'listen') listen(order);
  if (order.op === 'bind') bind(order);
  if (order.op === 'connect') connect(order);
});

const backlog = 1024;

function listen({ id, host, port }: Order): void {
  const server = createServer();
  server.once('error', (error) => refuse(id, error));
  // This one's descriptor is closed once the other has its own: both would accept.
  server.listen({ host, port, backlog }, () => answer(id, server, () => void server.close()));
}

function bind({ id, host, port }: Order): void {
  const socket = createSocket('udp4');
  socket.once('error', (error) => {
    socket.close();
    refuse(id, error);
  });
  socket.bind({ address: host, port, exclusive: true }, () => answer(id, socket, () => socket.close()));
}

function connect({ id, host, port, timeoutMs }: Extract<Order, { op: 'connect' }>): void {
  const socket = new Socket();
  // What the other side says at once is for whoever gets the socket.
  socket.pause();
  const fail = (error: NodeJS.ErrnoException) => {
    socket.destroy();
    refuse(id, error);
  };
  const late = setTimeout(
    () => fail(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })),
    timeoutMs,
  );
  socket.once('error', (error) => {
    clearTimeout(late);
    fail(error);
  });
  socket.connect({ host, port }, () => {
    clearTimeout(late);
    answer(id, socket, () => {});
  });
}

function answer(id: number, handle: SendHandle, sent: () => void): void {
  process.send?.({ id } satisfies Answer, handle, undefined, sent);
}

function refuse(id: number, { code = '', message }: NodeJS.ErrnoException): void {
  process.send?.({ id, error: { code, message } } satisfies Answer);
}
