import type { EventEmitter } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { nodeHttp } from '../nodeHttp.ts';
import { plain, writeHead } from './answers.ts';
import { towardsClient } from './headers.ts';
import { askedOverHttp2, passOnHttp2 } from './http2.ts';
import { mirror } from './mirror.ts';
import { asked, connected, type Towards } from './outgoing.ts';

/** Says where a request goes, and what is changed of it and of its answer. */
export interface Target extends Towards {
  back(headers: string[]): string[];
  /** Milliseconds that a backend may take until its answer is complete. */
  timeoutMs?: number;
  /** Get copies. */
  mirrors?: Towards[];
}

/** Sends a request to a ready endpoint, and its answer to the client. */
export async function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
): Promise<void> {
  const left = useUntilClosed(target, response);
  limit(response, target.timeoutMs);
  const connection = await connectedFor(request, target, left).catch(() => null);
  if (!connection)
    return connection === null ? failed(response) : plain(response, 503, 'no endpoint is ready\n');
  // Copies begin when the request does: before, nobody reads it.
  const copy = () => {
    for (const each of target.mirrors ?? []) mirror(request, each).catch(() => {});
  };
  if (target.isHttp2) {
    const stream = askedOverHttp2(request, connection, target);
    passOnHttp2(stream, response, target.back, () => failed(response));
    copy();
    return void request.pipe(stream);
  }
  const outgoing = asked(request, connection, target, false);
  response.once('close', () => outgoing.destroy());
  outgoing.once('error', () => failed(response));
  outgoing.once('response', (answer) => {
    // Late: the client has been told so.
    if (response.headersSent) return void answer.destroy();
    passOn(answer, response, target);
  });
  copy();
  request.pipe(outgoing);
}

const connectedFor = (request: IncomingMessage, target: Target, signal: AbortSignal) =>
  connected(request.socket.remoteAddress ?? '', target, signal);

/** The Service is in use until the client's side is closed, which the signal tells. */
function useUntilClosed({ backends }: Target, side: EventEmitter): AbortSignal {
  const left = new AbortController();
  const endUse = backends.use?.begin();
  side.once('close', () => {
    left.abort();
    endUse?.();
  });
  return left.signal;
}

/** Likewise a request for another protocol, which both ends then speak through here. */
export async function forwardUpgrade(
  request: IncomingMessage,
  response: ServerResponse,
  client: Duplex,
  head: Buffer,
  target: Target,
): Promise<void> {
  if (target.isHttp2)
    return plain(response, 501, 'the program speaks HTTP/2, in which connections are not upgraded\n');
  const left = useUntilClosed(target, client);
  const connection = await connectedFor(request, target, left).catch(() => null);
  if (!connection)
    return connection === null ? failed(response) : plain(response, 503, 'no endpoint is ready\n');
  const outgoing = asked(request, connection, target, true);
  client.once('close', () => outgoing.destroy());
  outgoing.once('error', () => failed(response));
  outgoing.once('response', (answer) => passOn(answer, response, target));
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

/** An answer to a client whose connection Node has handed over for another protocol. */
export function responseOn(request: IncomingMessage, client: Duplex): ServerResponse {
  client.on('error', () => {});
  const response = new nodeHttp.ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(client as Socket);
  response.once('finish', () => client.end());
  return response;
}

/** Timers of Node that are longer are over at once, in milliseconds. */
const longestTimer = 2 ** 31 - 1;

/** Ends what takes longer than a rule allows: with 504 where no answer has begun. */
export function limit(response: ServerResponse, ms: number | undefined): void {
  if (!ms) return;
  const timer = setTimeout(
    () => {
      if (response.headersSent) response.destroy();
      else plain(response, 504, 'it took longer than its rule allows\n');
    },
    Math.min(ms, longestTimer),
  );
  response.once('close', () => clearTimeout(timer));
}

/** Gives a program's answer to the client; one that cannot be said counts as none. */
function passOn(answer: IncomingMessage, response: ServerResponse, { back }: Target): void {
  answer.once('error', () => response.destroy());
  try {
    const said = back(towardsClient(answer));
    writeHead(response, answer.statusCode ?? 502, said, { message: answer.statusMessage ?? '' });
    answer.pipe(response);
  } catch {
    answer.destroy();
    failed(response);
  }
}

function failed(response: ServerResponse): void {
  if (response.headersSent) response.destroy();
  else plain(response, 502, 'the program behind did not answer\n');
}
