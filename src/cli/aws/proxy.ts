import {
  createServer,
  Agent as HttpAgent,
  request as http,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { Agent as HttpsAgent, request as https } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../../shared/errors/apiError.ts';
import { toStatus } from '../../shared/errors/status.ts';
import type { Token } from './credentials.ts';

export interface ProxyOptions {
  /** Where to forward to: `https://…/stage`. */
  endpoint: string;
  /** 0: any free one. */
  port: number;
  newToken(): Promise<Token>;
  now(): number;
}

export interface Proxy {
  port: number;
  close(): Promise<void>;
}

/** Belong to one connection, or are set anew. */
const own = [
  'authorization',
  'connection',
  'host',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
];
/** A token is good for so long at least when it is sent. */
const marginMs = 60_000;

/** Forwards everything to a cluster on AWS as whoever holds the credentials. Listens on loopback only. */
export async function openProxy({ endpoint, port, newToken, now }: ProxyOptions): Promise<Proxy> {
  const target = new URL(endpoint);
  const [send, agent] =
    target.protocol === 'http:'
      ? ([http, new HttpAgent({ keepAlive: true })] as const)
      : ([https, new HttpsAgent({ keepAlive: true })] as const);
  let token: Promise<Token> | undefined;
  const authorization = async () => {
    if (token && (await token).expiresAt - now() < marginMs) token = undefined;
    token ??= newToken();
    token.catch(() => {
      token = undefined;
    });
    return `Bearer ${(await token).token}`;
  };
  const forward = async (incoming: IncomingMessage, outgoing: ServerResponse) => {
    const refusal = refusalOf(incoming);
    if (refusal) throw refusal;
    const headers = { ...kept(incoming), authorization: await authorization() };
    const url = new URL(target.pathname.replace(/\/$/, '') + incoming.url, target);
    const sent = send(url, { method: incoming.method ?? 'GET', headers, agent });
    outgoing.once('close', () => sent.destroy());
    const answer = new Promise<IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve);
      sent.once('error', reject);
    });
    await Promise.all([pipeline(incoming, sent), answer.then((found) => give(found, outgoing))]);
  };
  const server = createServer((incoming, outgoing) => {
    forward(incoming, outgoing).catch((error: unknown) => tell(error, outgoing));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      server.closeAllConnections();
      agent.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Whoever reaches the port acts with the user's rights: a page in a browser must not. */
function refusalOf({ headers }: IncomingMessage): ApiError | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host))
    return new ApiError('Forbidden', 'this proxy serves its own machine only');
  if (headers.origin !== undefined) return new ApiError('Forbidden', 'this proxy serves no web pages');
  if (headers.upgrade)
    return new ApiError(
      'MethodNotAllowed',
      'exec, attach and port-forward are not bridged by this proxy yet',
    );
  return undefined;
}

const kept = ({ headers }: IncomingMessage) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !own.includes(name)));

async function give(answer: IncomingMessage, outgoing: ServerResponse): Promise<void> {
  outgoing.writeHead(answer.statusCode ?? 502, kept(answer));
  outgoing.flushHeaders();
  await pipeline(answer, outgoing);
}

function tell(error: unknown, outgoing: ServerResponse): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    outgoing.destroy();
    return;
  }
  const why =
    error instanceof ApiError
      ? error
      : new ApiError('ServiceUnavailable', `the API cannot be reached: ${(error as Error).message}`);
  const status = toStatus(why);
  outgoing.writeHead(status.code, { 'content-type': 'application/json' });
  outgoing.end(`${JSON.stringify(status)}\n`);
}
