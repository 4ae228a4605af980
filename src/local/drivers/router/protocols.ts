import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import {
  createServer as createHttp2Server,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from 'node:http2';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import type { Socket } from 'node:net';
import { nodeHttp } from '../nodeHttp.ts';
import { asHttp1 } from './http2.ts';

const { createServer } = nodeHttp;

/** Who opens a connection and says nothing is cut after this, in milliseconds. */
const silenceMs = 60_000;

/** So many requests a client may have under way on one connection. */
const mostStreams = 250;

/** The first bytes of a client who knows that HTTP/2 is spoken, RFC 9113. */
const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

/**
 * A server of HTTP/1.1 and HTTP/2 on one port: over TLS clients say which, without it the first bytes do. Requests of
 * both come as `request`, upgrades as `upgrade`.
 */
export function createHttpServer(tls?: ServerOptions): Server {
  const server = tls ? createTlsServer({ ...tls, ALPNProtocols: ['h2', 'http/1.1'] }) : createServer();
  const http2 = createHttp2Server({ settings: { enablePush: false, maxConcurrentStreams: mostStreams } });
  http2.on('request', (request: Http2ServerRequest, response: Http2ServerResponse) =>
    server.emit('request', asHttp1(request), response as unknown as ServerResponse<IncomingMessage>),
  );
  http2.on('sessionError', () => {});
  const event = tls ? 'secureConnection' : 'connection';
  const speakHttp1 = server.listeners(event) as ((socket: Socket) => void)[];
  server.removeAllListeners(event);
  server.on(event, (socket: Socket & { alpnProtocol?: string | false }) => {
    const speak = (isHttp2: boolean) => {
      if (isHttp2) http2.emit('connection', socket);
      else for (const each of speakHttp1) each.call(server, socket);
    };
    if (tls) speak(socket.alpnProtocol === 'h2');
    else onFirstBytes(socket, speak);
  });
  return server;
}

/** Looks at what a client says first, and leaves it to be read. */
function onFirstBytes(socket: Socket, speak: (isHttp2: boolean) => void): void {
  const cut = () => void socket.destroy();
  socket.setTimeout(silenceMs, cut);
  socket.on('error', cut).on('end', cut);
  const look = () => {
    const said: Buffer | null = socket.read();
    if (!said) return;
    socket.unshift(said);
    const isHttp2 = said.subarray(0, preface.length).equals(preface.subarray(0, said.length));
    if (isHttp2 && said.length < preface.length) return;
    socket.off('readable', look).off('error', cut).off('end', cut).setTimeout(0);
    socket.removeListener('timeout', cut);
    speak(isHttp2);
  };
  socket.on('readable', look);
}
