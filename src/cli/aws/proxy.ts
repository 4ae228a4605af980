import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { nodeHttp } from '../../local/drivers/nodeHttp.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { bridgeUpgrades } from './exec/upgrades.ts';
import { failureOf } from './failure.ts';
import { openUpstream, type Upstream, type UpstreamOptions } from './upstream.ts';

const { createServer } = nodeHttp;

export interface ProxyOptions extends UpstreamOptions {
  /** 0: any free one. */
  port: number;
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

/** Forwards everything to a cluster on AWS, with the credentials of the user. Listens on loopback only. */
export async function openProxy({ port, ...options }: ProxyOptions): Promise<Proxy> {
  const upstream = openUpstream(options);
  const server = createServer((incoming, outgoing) => {
    forward(upstream, incoming, outgoing).catch((error: unknown) => tell(error, outgoing));
  });
  const upgrades = bridgeUpgrades(upstream, refusalOf);
  server.on('upgrade', upgrades.take);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: () => {
      upgrades.close();
      server.closeAllConnections();
      upstream.close();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function forward(
  upstream: Upstream,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
): Promise<void> {
  const refusal = refusalOf(incoming);
  if (refusal) throw refusal;
  const { sent, answer } = await upstream.send(incoming.method ?? 'GET', incoming.url ?? '/', kept(incoming));
  outgoing.once('close', () => sent.destroy());
  await Promise.all([pipeline(incoming, sent), answer.then((found) => give(found, outgoing))]);
}

/** A program that reaches the port acts with the user's rights, which a page in a browser must not. */
function refusalOf({ headers }: IncomingMessage): ApiError | undefined {
  const host = (headers.host ?? '').replace(/:\d+$/, '');
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(host))
    return new ApiError('Forbidden', 'this proxy serves its own machine only');
  // Browsers tell of the page by one or the other; of an address that was typed by neither.
  const isPage = headers.origin !== undefined || (headers['sec-fetch-site'] ?? 'none') !== 'none';
  return isPage ? new ApiError('Forbidden', 'this proxy serves no web pages') : undefined;
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
  const { code, text } = failureOf(error);
  outgoing.writeHead(code, { 'content-type': 'application/json' });
  outgoing.end(text);
}
