import type { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { idempotent } from '../network/proxy/http1/conversation.ts';
import { nodeHttp } from '../nodeHttp.ts';
import { plain, unanswered, writeHead } from './answers.ts';
import { towardsClient } from './headers.ts';
import { askedOverHttp2, type Outcome, passOnHttp2 } from './http2.ts';
import { mirror } from './mirror.ts';
import { asked, connected, type Towards } from './outgoing.ts';
import { SentBody } from './sentBody.ts';

/** Says where a request goes, and what is changed of it and of its answer. */
export interface Target extends Towards {
  /** The name of the Service with its namespace, for whoever asks why nothing of it answers. */
  service: string;
  back(headers: string[]): string[];
  /** Milliseconds that a backend may take until its answer is complete. */
  timeoutMs?: number;
  /** Get copies. */
  mirrors?: Towards[];
}

/** A request may be sent again so often. */
const maxRetries = 2;

/**
 * Sends a request to a ready endpoint, and its answer to the client. One that may be repeated goes to another endpoint when its own
 * is gone before anything of an answer came.
 */
export function forwardRequest(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
): Promise<void> {
  const left = useUntilClosed(target, response);
  limit(response, target.timeoutMs);
  const body = new SentBody(request);
  let copies = target.mirrors ?? [];
  return tryEndpoints(request, response, target, left, body, (connection) => {
    const outgoing = target.isHttp2
      ? askedOverHttp2(request, connection, target)
      : asked(request, connection, target, false);
    const outcome =
      outgoing instanceof nodeHttp.ClientRequest
        ? passOnHttp1(outgoing, response, target, response)
        : passOnHttp2(outgoing, response, target.back);
    // Copies begin when the request does: before, nobody reads it.
    for (const each of copies) mirror(request, each).catch(() => {});
    copies = [];
    body.sendTo(outgoing);
    return outcome;
  });
}

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
  await tryEndpoints(request, response, target, left, undefined, (connection) => {
    const outgoing = asked(request, connection, target, true);
    const outcome = passOnHttp1(outgoing, response, target, client);
    const { promise, resolve } = Promise.withResolvers<Outcome>();
    outgoing.once('upgrade', (answer, program: Socket, first: Buffer) => {
      resolve('over');
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
    return Promise.race([promise, outcome]);
  });
}

/** Has a request answered by one endpoint, or by the next where the first is lost and the request may be sent again. */
async function tryEndpoints(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  left: AbortSignal,
  body: SentBody | undefined,
  send: (connection: Socket) => Promise<Outcome>,
): Promise<void> {
  const { method = '', socket } = request;
  const lost = new Set<string>();
  for (let retries = 0; ; retries++) {
    const found = await connected(socket.remoteAddress ?? '', target, left, lost);
    const isConnected = 'socket' in found;
    if (left.aborted) return void (isConnected && found.socket.destroy());
    if (!isConnected && !found.key)
      return plain(response, 503, `Service ${target.service} has no endpoint for this: ${found.why}\n`);
    const key = found.key ?? '';
    const outcome = isConnected ? await send(found.socket) : found.isGone ? 'refused' : 'lost';
    if (outcome === 'over') return;
    lost.add(key);
    const isRepeatable = outcome === 'refused' || (isConnected && idempotent.has(method));
    if (retries < maxRetries && isRepeatable && body?.isKept !== false && !response.headersSent) continue;
    const why = isConnected ? 'the connection ended without an answer' : found.why;
    return unanswered(response, `${key} of Service ${target.service} did not answer: ${why}`);
  }
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

/** Gives a program's answer to the client; one that cannot be said counts as none. Nobody asks any more once `side` is closed. */
function passOnHttp1(
  outgoing: ClientRequest,
  response: ServerResponse,
  { back }: Target,
  side: EventEmitter,
): Promise<Outcome> {
  side.once('close', () => outgoing.destroy());
  return new Promise((resolve) => {
    // What breaks once the answer has begun, the answer tells.
    outgoing.on('error', () => resolve('lost')).once('close', () => resolve('lost'));
    outgoing.once('response', (answer) => {
      resolve('over');
      // Late: the client has been told so.
      if (response.headersSent) return void answer.destroy();
      answer.once('error', () => response.destroy());
      try {
        const said = back(towardsClient(answer));
        writeHead(response, answer.statusCode ?? 502, said, { message: answer.statusMessage ?? '' });
        answer.pipe(response);
      } catch {
        answer.destroy();
        unanswered(response);
      }
    });
  });
}
