import type { Socket as DatagramSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import type { RequestOptions } from 'node:http';
import { connect, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ConnectionOptions, connect as connectSecurely } from 'node:tls';
import { afterAwake } from './afterAwake.ts';
import type { Place, Sockets } from './podNetwork.ts';

/** Describes how long a connection is waited for. */
export interface Patience {
  /** In milliseconds. */
  timeoutMs: number;
  signal?: AbortSignal;
  /** Lets this side go on when the other has ended. */
  allowHalfOpen?: true;
}

/**
 * Connects to a place, wherever that is. Rejects with the system's error, with the code
 * ETIMEDOUT when it takes too long or `signal` aborts.
 */
export function connectTo(place: Place, { timeoutMs, signal, allowHalfOpen }: Patience): Promise<Socket> {
  const { host, port, by } = place;
  return new Promise((resolve, reject) => {
    const late = new AbortController();
    const done = () => {
      forget();
      signal?.removeEventListener('abort', giveUp);
    };
    const giveUp = () => {
      done();
      late.abort();
      reject(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' }));
    };
    const forget = afterAwake(timeoutMs, giveUp);
    signal?.addEventListener('abort', giveUp);
    const connecting = by
      ? by.connect({ host, port, timeoutMs })
      : connectedOf(connect({ host, port, signal: late.signal }));
    connecting.then(
      (socket) => {
        done();
        if (late.signal.aborted) return void socket.on('error', () => {}).destroy();
        if (allowHalfOpen) socket.allowHalfOpen = true;
        socket.setNoDelay(true);
        resolve(socket);
      },
      (error: Error) => {
        done();
        reject(error);
      },
    );
    if (signal?.aborted) giveUp();
  });
}

const connectedOf = (socket: Socket): Promise<Socket> =>
  new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });

/** Says how long a request may wait for its connection where nobody else bounds it, in milliseconds. */
const patienceMs = 30_000;

/** What a request over HTTP is given to go to a place by a connection of its own; `tls` says that it is a secure one. */
export function requestTo(place: Place, tls: boolean): RequestOptions {
  const { host, port, by } = place;
  if (!by) return { host, port, agent: false };
  return {
    createConnection: (options, done) => {
      connectTo(place, { timeoutMs: patienceMs }).then(
        (socket) => done(null, tls ? secured(socket, options as ConnectionOptions) : socket),
        (error: Error) => done(error, undefined as unknown as Duplex),
      );
      return undefined;
    },
  };
}

/** Of the options of a request, `path` would be that of a socket here. */
export const secured = (socket: Socket, { path: _, ...options }: ConnectionOptions): Socket =>
  connectSecurely({ ...options, socket });

/** Has a server listen at an address. Rejects with the system's error. */
export async function listenAt(server: Server, { host, port, by }: Place, backlog?: number): Promise<void> {
  const handed = await by?.listen({ host, port });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    const listening = () => {
      server.removeListener('error', reject);
      resolve();
    };
    if (handed) server.listen(handed, listening);
    else server.listen({ host, port, exclusive: true, ...(backlog && { backlog }) }, listening);
  });
  // Accepting may fail for lack of file descriptors; the listener lives on.
  server.on('error', () => {});
}

/** A socket for datagrams, bound to an address. Rejects with the system's error. */
export async function bindAt({ host, port, by }: Place): Promise<DatagramSocket> {
  const socket = by
    ? await by.bind({ host, port })
    : await new Promise<DatagramSocket>((resolve, reject) => {
        const fresh = createSocket(host.includes(':') ? 'udp6' : 'udp4');
        fresh.once('error', (error) => {
          fresh.close();
          reject(error);
        });
        fresh.bind({ address: host, port, exclusive: true }, () => {
          fresh.removeAllListeners('error');
          resolve(fresh);
        });
      });
  socket.on('error', () => {});
  return socket;
}

/** A socket for datagrams that is connected to a place. Rejects with the system's error. */
export async function datagramsTo({ host, port, by }: Place): Promise<DatagramSocket> {
  const socket = by ? await by.bind({ host: '0.0.0.0', port: 0 }) : createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      // What cannot be connected is told to the callback, not by the event.
      socket.connect(port, host, (error?: Error) => {
        socket.removeListener('error', reject);
        if (error) reject(error);
        else resolve();
      });
    });
    return socket;
  } catch (error) {
    socket.close();
    throw error;
  }
}

/** Says in which network an address is. Undefined: in this process's own. */
export type SocketsAt = (address: string) => Sockets | undefined;

/** A place as whoever knows the networks sees it. */
export const placeAt = (at: SocketsAt | undefined, host: string, port: number): Place => {
  const by = at?.(host);
  return { host, port, ...(by && { by }) };
};
