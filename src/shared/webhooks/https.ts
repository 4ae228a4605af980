/**
 * The driver of the Webhooks port that both planes use; they differ in how a Service is found. This file alone in
 * `shared` opens sockets.
 */
import type { IncomingMessage } from 'node:http';
import { Agent, type AgentOptions, type RequestOptions, request as send } from 'node:https';
import type { Socket } from 'node:net';
import { type ConnectionOptions, connect as secured } from 'node:tls';
import type { Clock } from '../clock/clock.ts';
import { deadline } from '../clock/deadline.ts';
import {
  CallFailed,
  type WebhookAddress,
  type WebhookAnswer,
  type WebhookRequest,
  type WebhookService,
  type Webhooks,
} from '../ports/webhooks.ts';
import { checkedIdentity, inGo } from './words.ts';

export interface HttpsOptions {
  clock: Clock;
  /** Returns where a Service is reached. Throws an Error in the words of a real server. */
  find(cluster: string, service: WebhookService): Promise<Place>;
  /** Connects to a place that this process's network does not lead to. Undefined: it does. */
  connect?(place: Place): Promise<Socket> | undefined;
}

/** A host and port to connect to. */
export interface Place {
  host: string;
  port: number;
}

/** Connections are kept for the next call; they hold up no process that wants to end. */
export function httpsWebhooks({ clock, find, connect }: HttpsOptions): Webhooks & { close(): void } {
  // As an option of a request the check would keep connections from serving twice.
  const agent = new Agent({
    keepAlive: true,
    maxFreeSockets: 16,
    timeout: 90_000,
    checkServerIdentity: checkedIdentity,
  } as AgentOptions);
  if (connect) connectBy(agent, connect);
  return {
    async post(request) {
      const target = targetOf(request);
      // A certificate of the bundle is trusted as it is, also where it is no root: as Go does.
      const options = { agent, ca: authorities(request.address), allowPartialTrustChain: true };
      const failed = (why: string) => new CallFailed(`Post "${target.url}": ${why}`);
      const { signal: late, done } = deadline(clock, request.timeoutSeconds * 1000);
      const { signal = never } = request;
      const reason = () =>
        signal.aborted ? 'context canceled' : late.aborted ? 'context deadline exceeded' : undefined;
      const ended = AbortSignal.any([late, signal]);
      try {
        const place = await placeOf(target, request, find, ended);
        const message = await exchanged({ ...options, ...place, path: target.path }, target, request, ended);
        return await read(message, request.mostBytes, reason);
      } catch (error) {
        if (error instanceof CallFailed) throw error;
        throw failed(reason() ?? inGo(error as Error, target.serverName));
      } finally {
        // What has been answered keeps its connection.
        done();
      }
    },
    close: () => agent.destroy(),
  };
}

/** Has an agent open some of its connections elsewhere. */
function connectBy(agent: Agent, connect: NonNullable<HttpsOptions['connect']>): void {
  const usual = agent.createConnection.bind(agent);
  agent.createConnection = (options, done) => {
    const { host, port, path: _, ...security } = options;
    const elsewhere = connect({ host: host ?? '', port: Number(port) });
    if (!elsewhere) return usual(options, done);
    elsewhere.then(
      (socket) => done?.(null, secured({ ...(security as ConnectionOptions), socket })),
      (error: Error) => done?.(error, undefined as never),
    );
    return undefined;
  };
}

const never = new AbortController().signal;

interface Target {
  /** As messages show it. */
  url: string;
  path: string;
  /** As the request names it. */
  host: string;
  serverName: string;
  place: Place;
}

function targetOf({ address: { url, service }, timeoutSeconds }: WebhookRequest): Target {
  if (!url && !service) throw new CallFailed('webhook configuration must have either service or URL', true);
  const serverName = service ? `${service.name}.${service.namespace}.svc` : '';
  const base = service ? `https://${serverName}:${service.port ?? 443}` : '';
  let parsed: URL;
  try {
    parsed = new URL(service ? `${base}${rooted(service.path)}` : url!);
  } catch {
    throw new CallFailed(`Unparsable URL: parse ${JSON.stringify(url)}: invalid URL`, true);
  }
  const path = `${joined(parsed.pathname)}?timeout=${timeoutSeconds}s`;
  const hostname = parsed.hostname.replace(/^\[|\]$/g, '');
  return {
    url: `${base || `https://${parsed.host}`}${path}`,
    path,
    host: service ? `${serverName}:${service.port ?? 443}` : parsed.host,
    serverName: serverName || hostname,
    place: { host: hostname, port: Number(parsed.port || 443) },
  };
}

/** A path as Go's clients join it: without slashes that stand twice or at the end. */
const joined = (path: string): string => path.replace(/\/+/g, '/').replace(/(.)\/$/, '$1');

const rooted = (path = ''): string => (path.startsWith('/') ? path : `/${path}`);

const unusableBundle = 'unable to load root certificates: unable to parse bytes as PEM block';

/** Undefined: those of the machine. Throws CallFailed for what are no certificates. */
function authorities({ caBundle = '' }: WebhookAddress): string | undefined {
  const text = Buffer.from(caBundle, 'base64').toString();
  if (text.trim() === '') return undefined;
  if (!text.includes('-----BEGIN CERTIFICATE-----')) throw new CallFailed(unusableBundle, true);
  return text;
}

/** Throws what the look-up throws, and without waiting for it when the call has ended. */
async function placeOf(
  { place }: Target,
  { cluster, address: { service } }: WebhookRequest,
  find: HttpsOptions['find'],
  ended: AbortSignal,
): Promise<Place> {
  if (!service) return place;
  const gone = new Promise<never>((_, reject) => {
    ended.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
  });
  return Promise.race([find(cluster, service), gone]);
}

/**
 * Sends the request and gives it up when `ended` aborts. (As an option of the request the signal would cling to the
 * connection, which serves others later.) Sends it once more when a kept connection turns out to be closed.
 */
async function exchanged(
  options: RequestOptions,
  target: Target,
  request: WebhookRequest,
  ended: AbortSignal,
): Promise<IncomingMessage> {
  for (let attempt = 1; ; attempt++) {
    const sent = send({
      ...options,
      method: 'POST',
      servername: isAddress(target.serverName) ? '' : target.serverName,
      headers: {
        host: target.host,
        accept: 'application/json, */*',
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(request.body),
        'user-agent': 'kube-apiserver-admission',
      },
    });
    if (ended.aborted) sent.destroy(new Error('aborted'));
    ended.addEventListener('abort', () => sent.destroy(new Error('aborted')), { once: true });
    try {
      return await new Promise<IncomingMessage>((resolve, reject) => {
        sent.on('response', resolve).on('error', reject).end(request.body);
      });
    } catch (error) {
      const isStale = sent.reusedSocket && (error as NodeJS.ErrnoException).code === 'ECONNRESET';
      if (!isStale || attempt === 2) throw error;
    }
  }
}

const isAddress = (host: string): boolean => /^[\d.]+$|:/.test(host);

/** The whole answer. Throws CallFailed when it ends early, late or never. */
async function read(
  message: IncomingMessage,
  mostBytes: number,
  reason: () => string | undefined,
): Promise<WebhookAnswer> {
  const failed = (why: string) =>
    new CallFailed(`unexpected error when reading response body. Please retry. Original error: ${why}`);
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Not by iteration, which closes the connection behind the last chunk.
  await new Promise<void>((resolve, reject) => {
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      chunks.push(chunk);
      if (bytes > mostBytes) message.destroy(failed(`the answer has more than ${mostBytes} bytes`));
    });
    message.on('end', resolve);
    message.on('error', (error) =>
      reject(error instanceof CallFailed ? error : failed(reason() ?? 'unexpected EOF')),
    );
    message.on('close', () => reject(failed(reason() ?? 'unexpected EOF')));
  });
  return {
    status: message.statusCode ?? 0,
    contentType: message.headers['content-type'] ?? '',
    body: Buffer.concat(chunks),
  };
}
