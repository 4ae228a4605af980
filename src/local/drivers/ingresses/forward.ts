import { type IncomingMessage, ServerResponse, request as send } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock } from '../../../shared/clock/clock.ts';
import type { Backends, EndpointUser } from '../network/proxy/backends.ts';
import { dial } from '../network/proxy/dial.ts';
import { towardsClient, towardsProgram } from './headers.ts';

/** Says how long a request waits for a Pod that takes it: in a rollout one is there soon. */
const waitMs = 1_000;
const connectTimeoutMs = 1_000;

export interface ForwardOptions {
  clock: Clock;
  /** The request came over TLS. */
  isSecure: boolean;
}

/** Sends a request to a ready endpoint, and its answer to the client. */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  backends: Backends,
  { clock, isSecure }: ForwardOptions,
): Promise<void> {
  const left = new AbortController();
  const endUse = backends.use?.begin();
  response.once('close', () => {
    left.abort();
    endUse?.();
  });
  const connection = await connected(request, backends, clock, left.signal);
  if (!connection) return plain(response, 503, 'no endpoint is ready\n');
  const outgoing = asked(request, connection, towardsProgram(request, isSecure, false));
  response.once('close', () => outgoing.destroy());
  outgoing.once('error', () => failed(response));
  outgoing.once('response', (answer) => {
    answer.once('error', () => response.destroy());
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, towardsClient(answer));
    answer.pipe(response);
  });
  request.pipe(outgoing);
}

/** Likewise a request for another protocol, which both ends then speak through here. */
export async function forwardUpgrade(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  backends: Backends,
  { clock, isSecure }: ForwardOptions,
): Promise<void> {
  const left = new AbortController();
  client.on('error', () => {});
  const endUse = backends.use?.begin();
  client.once('close', () => {
    left.abort();
    endUse?.();
  });
  const connection = await connected(request, backends, clock, left.signal);
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.once('finish', () => client.end());
  if (!connection) return plain(response, 503, 'no endpoint is ready\n');
  const outgoing = asked(request, connection, towardsProgram(request, isSecure, true));
  client.once('close', () => outgoing.destroy());
  outgoing.once('error', () => failed(response));
  outgoing.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, towardsClient(answer));
    answer.pipe(response);
  });
  outgoing.once('upgrade', (answer, program: Socket, first: Buffer) => {
    response.detachSocket(client as Socket);
    const lines = [];
    for (let i = 0; i < answer.rawHeaders.length; i += 2)
      lines.push(`${answer.rawHeaders[i]}: ${answer.rawHeaders[i + 1]}\r\n`);
    client.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('')}\r\n`);
    if (first.length) program.unshift(first);
    if (head.length) client.unshift(head);
    program.on('error', () => client.destroy());
    program.once('close', () => client.destroy());
    client.once('close', () => program.destroy());
    program.pipe(client).pipe(program);
  });
  outgoing.end();
}

async function connected(
  request: IncomingMessage,
  backends: Backends,
  clock: Clock,
  signal: AbortSignal,
): Promise<Socket | undefined> {
  const client = request.socket.remoteAddress ?? '';
  const dialled = await dial(backends, client, new Set(), signal, { clock, waitMs, connectTimeoutMs });
  if (!dialled) return undefined;
  const { socket, key } = dialled;
  const cut = () => void socket.destroy();
  // A Pod on its way out may finish what it has begun.
  const user: EndpointUser = { endpointKey: key, drain: () => {}, cut, lost: cut };
  backends.join(user);
  socket.once('close', () => backends.leave(user));
  return socket;
}

const asked = ({ method, url }: IncomingMessage, connection: Socket, headers: string[]) =>
  send({ method, path: url, headers, setHost: false, createConnection: () => connection });

function failed(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else plain(response, 502, 'the program behind did not answer\n');
}

/** An answer of the router itself. */
export function plain(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(text);
}
