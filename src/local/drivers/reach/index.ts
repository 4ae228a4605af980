import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as overTls, type RequestOptions as TlsOptions } from 'node:https';
import type { Socket } from 'node:net';
import { isUnicastOfOthers } from '../../../shared/meta/unicast.ts';
import type { HeaderLines, Reach, ReachAnswer, ReachRequest, Trust } from '../../../shared/ports/reach.ts';
import { nodeHttp } from '../nodeHttp.ts';
import { atItself, type Place, type Reached } from '../podNetwork.ts';
import { requestTo } from '../sockets.ts';
import { inGo } from './words.ts';

const { request: overTcp } = nodeHttp;

export interface HttpReachOptions {
  /** Returns whether a loopback address is a Pod's or the node's: only where they have such addresses. */
  isOwnLoopback(address: string): boolean;
  /** Says how long a connection may take to be accepted, in milliseconds. */
  connectTimeoutMs?: number;
  /** Absent: Pods are reached at their own addresses. */
  reached?: Reached;
}

const defaultConnectTimeoutMs = 30_000;

/** Reaches Pods by their own addresses, a connection for each request: a Pod that has gone leaves none behind. */
export function openHttpReach({
  isOwnLoopback,
  connectTimeoutMs = defaultConnectTimeoutMs,
  reached = atItself,
}: HttpReachOptions): Reach {
  return {
    mayReach: (address) => isUnicastOfOthers(address) || isOwnLoopback(address),
    send: (wanted) => sent(wanted, reached(wanted.address, wanted.port), connectTimeoutMs),
  };
}

function sent(wanted: ReachRequest, place: Place, connectTimeoutMs: number): Promise<ReachAnswer> {
  const { tls, address, port, method, path, headers, body, signal, trust } = wanted;
  const options = { ...requestTo(place, tls), method, path, setHost: false, signal };
  const message = tls ? overTls({ ...options, ...securityOf(trust) }) : overTcp(options);
  setHeaders(message, headers);
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(new Error(inGo(error, address, port), { cause: error }));
    message.once('error', failed);
    message.on('error', () => {});
    limitConnecting(message, connectTimeoutMs);
    message.once('response', (answer) => resolve({ ...headOf(answer), body: answer }));
    message.once('upgrade', (answer, connection: Socket, head: Buffer) => {
      connection.on('error', () => {});
      if (head.length) connection.unshift(head);
      resolve({ ...headOf(answer), body: nothing(), connection });
    });
    if (body) void fill(message, body);
    else message.end();
  });
}

function securityOf(trust: Trust | undefined): TlsOptions {
  if (!trust) return { rejectUnauthorized: false, servername: '' };
  const { serverName, ca, isInsecure = false, client } = trust;
  return {
    servername: serverName,
    rejectUnauthorized: !isInsecure,
    // A certificate of the bundle is trusted as it is, also where it is no root: as Go does.
    ...(ca !== undefined && !isInsecure && { ca, allowPartialTrustChain: true }),
    ...(client && { cert: client.certificate, key: client.key }),
  };
}

function setHeaders(message: ClientRequest, lines: HeaderLines): void {
  const byName = new Map<string, string[]>();
  for (const [name, value] of lines) byName.set(name, [...(byName.get(name) ?? []), value]);
  for (const [name, values] of byName) message.setHeader(name, values.length === 1 ? values[0]! : values);
}

function limitConnecting(message: ClientRequest, ms: number): void {
  const late = setTimeout(
    () => message.destroy(Object.assign(new Error('i/o timeout'), { code: 'ETIMEDOUT' })),
    ms,
  );
  message.once('socket', (socket) => {
    if (socket.connecting) socket.once('connect', () => clearTimeout(late));
    else clearTimeout(late);
  });
  message.once('close', () => clearTimeout(late));
}

/** Writes a body as fast as it is taken. One that breaks off breaks the request off, too. */
async function fill(message: ClientRequest, body: AsyncIterable<Uint8Array>): Promise<void> {
  try {
    for await (const chunk of body) {
      if (message.destroyed) return;
      if (message.write(chunk)) continue;
      await new Promise<void>((resolve) => {
        message.once('drain', resolve);
        message.once('close', resolve);
      });
    }
    message.end();
  } catch (error) {
    message.destroy(error as Error);
  }
}

function headOf({ statusCode = 0, rawHeaders }: IncomingMessage): Pick<ReachAnswer, 'status' | 'headers'> {
  const headers: [string, string][] = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    headers.push([rawHeaders[i]!.toLowerCase(), rawHeaders[i + 1]!]);
  return { status: statusCode, headers };
}

async function* nothing(): AsyncIterable<Uint8Array> {}
