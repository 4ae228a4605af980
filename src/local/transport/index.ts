import type { IncomingMessage, ServerOptions } from 'node:http';
import {
  createSecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
  type SecureServerOptions,
} from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { Handle } from '../../shared/api/http/message.ts';
import { readByEventsBefore } from './reading.ts';
import { ApiRequestOf } from './request.ts';
import { send } from './send.ts';
import { answerUpgrade } from './upgrade.ts';

export interface TransportOptions {
  handle: Handle;
  bind: string;
  port: number;
  /** PEM. `ca` verifies client certificates; without it nobody is known by one. */
  tls: { ca?: string; certificate: string; key: string };
  /** Says how long a client may take nothing of a stream before it is cut off; a minute. */
  stallMs?: number;
  /** Says how long a client may take to send a request over HTTP/1.1 to an acceptor before it is cut off; a minute. */
  requestMs?: number;
  /** An error that no client can be told. */
  onError(error: unknown): void;
}

export interface Transport {
  port: number;
  /** Ends watches, lets requests under way finish for a moment, closes every connection. */
  close(): Promise<void>;
}

/** Is what node's types do not know here. */
type Http1Options = SecureServerOptions['http1Options'] &
  Pick<
    ServerOptions,
    | 'connectionsCheckingInterval'
    | 'headersTimeout'
    | 'keepAliveTimeout'
    | 'maxHeaderSize'
    | 'optimizeEmptyRequests'
    | 'requestTimeout'
  >;

const http1Options: Http1Options = {
  /** Go's limit in bytes: the URL of an exec holds its whole command line. */
  maxHeaderSize: 1 << 20,
  /**
   * Milliseconds, those of kube-apiserver. With node's 5,000 a client on a busy machine sent a request on a connection that was being
   * closed, and saw it cut.
   */
  keepAliveTimeout: 90_000,
  /** Requests without a body come with a stream that has ended, which costs no event of one. */
  optimizeEmptyRequests: true,
};
const closeGraceMs = 3000;
const flushGraceMs = 500;
const defaultStallMs = 60_000;
const defaultRequestMs = 60_000;
/** Is room for every token, in bytes: no command line comes here. */
const acceptorHeaderSize = 1 << 16;

/** Speaks to whoever comes by connections that somebody else has accepted. */
export interface Acceptor {
  accept(socket: Socket): void;
  close(): Promise<void>;
}

/** Serves over TLS, HTTP/1.1 and HTTP/2 on one port. Rejects when the address is taken. */
export async function listen({ bind, port, ...options }: TransportOptions): Promise<Transport> {
  const { server, close } = createTransport(options);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, bind, () => resolve());
  });
  return { port: (server.address() as AddressInfo).port, close };
}

/** The same for connections to ports that are opened elsewhere, whose requests are short. */
export function createAcceptor({ requestMs = defaultRequestMs, ...options }: ServedOptions): Acceptor {
  const { server, close } = createTransport(options, {
    maxHeaderSize: acceptorHeaderSize,
    headersTimeout: requestMs,
    requestTimeout: requestMs,
    connectionsCheckingInterval: requestMs / 2,
  });
  // Node looks for requests that take too long from when a server listens, and this one never does itself.
  server.emit('listening');
  return { accept: (socket) => void server.emit('connection', socket), close };
}

type ServedOptions = Omit<TransportOptions, 'bind' | 'port'>;

function createTransport(
  { handle, tls, onError, stallMs = defaultStallMs }: ServedOptions,
  limits: Http1Options = {},
) {
  const under = new Set<ApiRequestOf>();
  const sockets = new Set<Socket>();
  const secured = new Set<Socket>();
  let idle: (() => void) | undefined;

  const serve = async (incoming: Http2ServerRequest, outgoing: Http2ServerResponse) => {
    const request = new ApiRequestOf(incoming, outgoing);
    under.add(request);
    try {
      const answer = await handle(request);
      readByEventsBefore(answer, outgoing);
      await send(answer, request, outgoing, stallMs);
    } catch (error) {
      onError(error);
      outgoing.stream?.destroy?.();
      incoming.socket.destroy();
    } finally {
      under.delete(request);
      if (under.size === 0) idle?.();
    }
  };

  const server = createSecureServer(
    {
      allowHTTP1: true,
      ca: tls.ca,
      // A certificate in `ca` is trusted as it is, also where it is no root: as Go does.
      allowPartialTrustChain: true,
      cert: tls.certificate,
      key: tls.key,
      requestCert: tls.ca !== undefined,
      // Without a certificate a client may still bring a token, or ask for what is open to everybody.
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      handshakeTimeout: 10_000,
      http1Options: { ...http1Options, ...limits },
    },
    (incoming, outgoing) => void serve(incoming, outgoing),
  );
  server.on('upgrade', (incoming: IncomingMessage, socket: TLSSocket, head: Buffer) => {
    answerUpgrade(incoming, socket, head, handle, stallMs).catch((error) => {
      onError(error);
      socket.destroy();
    });
  });
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  server.on('secureConnection', (socket: TLSSocket) => {
    secured.add(socket);
    socket.once('close', () => secured.delete(socket));
  });
  server.on('tlsClientError', () => {});
  server.on('sessionError', () => {});
  return {
    server,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      const emptied = new Promise<void>((resolve) => {
        idle = resolve;
      });
      for (const request of under) request.abort();
      if (under.size > 0) await within(closeGraceMs, emptied);
      // What was answered goes out first, so that a watch ends and is not cut.
      for (const socket of secured) socket.destroySoon();
      await within(flushGraceMs, closed);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Resolves with `done`, or after `ms` without it. */
async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
