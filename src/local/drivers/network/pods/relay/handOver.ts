import type { SendHandle } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer, Socket } from 'node:net';
import { afterAwake } from '../../../afterAwake.ts';
import type { Message, Order, Wanted } from './messages.ts';

/** Is the channel to the other process. */
export interface Channel {
  /** False, or a call with an error, says that it has ended. */
  send(message: Message, handle: SendHandle | undefined, done: (error: Error | null) => void): void;
}

interface Waiting {
  resolve(handle: unknown): void;
  reject(error: Error): void;
}

/** One process's part in handing over sockets. */
export interface HandOver {
  /** Has the other process open a socket, and takes it. Rejects with the system's error. */
  ask<T>(wanted: Wanted): Promise<T>;
  /** Takes what the other one says. */
  hear(message: Message, handle: unknown): void;
  /** The channel has ended: nothing that was asked will come. */
  end(): void;
}

/** Opens sockets for the process at the other end of a channel, and has it open some. */
export function openHandOver(channel: Channel): HandOver {
  const waiting = new Map<number, Waiting>();
  let serial = 0;

  return {
    ask: <T>(wanted: Wanted) =>
      new Promise<T>((resolve, reject) => {
        const id = serial++;
        waiting.set(id, { resolve: resolve as (handle: unknown) => void, reject });
        channel.send({ ...wanted, id }, undefined, (error) => {
          if (error && waiting.delete(id)) reject(ended());
        });
      }),
    hear(message, handle) {
      if (!('answers' in message)) return void open[message.op](message as never, channel);
      const { answers, error } = message;
      const asked = waiting.get(answers);
      waiting.delete(answers);
      if (error) asked?.reject(Object.assign(new Error(error.message), { code: error.code }));
      // What closed on its way is not there.
      else if (!handle) asked?.reject(ended());
      else asked?.resolve(handle);
    },
    end() {
      for (const { reject } of waiting.values()) reject(ended());
      waiting.clear();
    },
  };
}

const ended = () =>
  Object.assign(new Error('the process in the network of Pods has ended'), { code: 'ECONNABORTED' });

const backlog = 1024;

const open: { [Op in Order['op']]: (order: Extract<Order, { op: Op }>, channel: Channel) => void } = {
  listen({ id, host, port }, channel) {
    const server = createServer();
    server.once('error', (error) => refuse(channel, id, error));
    // This one's descriptor is closed once the other has its own: both would accept.
    server.listen({ host, port, backlog }, () => answer(channel, id, server, () => void server.close()));
  },
  bind({ id, host, port }, channel) {
    const socket = createSocket('udp4');
    socket.once('error', (error) => {
      socket.close();
      refuse(channel, id, error);
    });
    socket.bind({ address: host, port, exclusive: true }, () =>
      answer(channel, id, socket, () => socket.close()),
    );
  },
  connect({ id, host, port, timeoutMs }, channel) {
    const socket = new Socket();
    // What the other side says at once is for whoever gets the socket.
    socket.pause();
    const fail = (error: Error) => {
      forget();
      socket.destroy();
      refuse(channel, id, error);
    };
    const forget = afterAwake(timeoutMs, () =>
      fail(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })),
    );
    socket.once('error', fail);
    socket.connect({ host, port }, () => {
      forget();
      answer(channel, id, socket, (error) => {
        if (error) socket.destroy();
      });
    });
  },
};

const answer = (channel: Channel, id: number, handle: SendHandle, sent: (error: Error | null) => void) =>
  channel.send({ answers: id }, handle, sent);

function refuse(channel: Channel, id: number, { code = '', message }: NodeJS.ErrnoException): void {
  channel.send({ answers: id, error: { code, message } }, undefined, () => {});
}
