import type { ClientRequest, IncomingMessage } from 'node:http';
import { request as overTls } from 'node:https';
import type { Duplex, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { nodeHttp } from '../../nodeHttp.ts';
import type { EngineAddress } from './address.ts';

const { request: overHttp } = nodeHttp;

/** The newest version of the API that is spoken here; an older engine is spoken to in its own. */
const newest = '1.51';
const pingMs = 3000;

export interface Asked {
  query?: Record<string, string | number | boolean | undefined>;
  /** Sent as JSON. */
  body?: unknown;
  /** Sent as it is, a tar archive. */
  archive?: Buffer | Readable;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** An engine's API: requests, answers that go on, and connections that become the streams of a program. */
export interface EngineClient {
  readonly address: EngineAddress;
  /** Returns what the engine answers, parsed; undefined where it answers nothing. Throws EngineError. */
  ask<T>(method: string, path: string, asked?: Asked): Promise<T>;
  /** The body of an answer as it comes. Throws EngineError. */
  stream(method: string, path: string, asked?: Asked): Promise<IncomingMessage>;
  /** The connection itself, once the engine has given it over. Throws EngineError. */
  hijack(path: string, asked?: Asked): Promise<Duplex>;
}

/** Describes what an engine refuses, in its own words. */
export class EngineError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Speaks to an engine in a version that both know. Throws when nothing answers there. */
export async function connectEngine(address: EngineAddress): Promise<EngineClient> {
  const request = requestTo(address, '');
  const signal = AbortSignal.timeout(pingMs);
  const answer = await answered(request('GET', '/_ping', { signal }));
  answer.resume();
  const theirs = String(answer.headers['api-version'] ?? newest);
  return clientOf(address, isOlder(theirs, newest) ? theirs : newest);
}

function clientOf(address: EngineAddress, version: string): EngineClient {
  const request = requestTo(address, `/v${version}`);
  return {
    address,
    async ask<T>(method: string, path: string, asked: Asked = {}) {
      const body = await text(await answered(request(method, path, asked)));
      return (body.trim() ? JSON.parse(body) : undefined) as T;
    },
    stream: (method, path, asked = {}) => answered(request(method, path, asked)),
    hijack(path, asked = {}) {
      const headers = { Connection: 'Upgrade', Upgrade: 'tcp' };
      const outgoing = request('POST', path, { ...asked, headers });
      return new Promise((resolve, reject) => {
        outgoing.once('error', reject);
        outgoing.once('response', (answer) => {
          void refusal(answer).then(reject, reject);
        });
        outgoing.once('upgrade', (_answer, connection: Duplex, head: Buffer) => {
          if (head.length) connection.unshift(head);
          resolve(connection);
        });
      });
    },
  };
}

type Send = (method: string, path: string, asked: Asked) => ClientRequest;

function requestTo({ connection }: EngineAddress, prefix: string): Send {
  const tls = 'tls' in connection ? connection.tls : undefined;
  const place = 'socketPath' in connection ? connection : { host: connection.host, port: connection.port };
  return (method, path, { query = {}, body, archive, headers, signal }) => {
    const parameters = Object.entries(query).flatMap(([key, value]) =>
      value === undefined ? [] : [`${key}=${encodeURIComponent(value)}`],
    );
    const options = {
      ...place,
      ...tls,
      method,
      path: `${prefix}${path}${parameters.length ? `?${parameters.join('&')}` : ''}`,
      headers: { Host: 'engine', ...(archive && { 'Content-Type': 'application/x-tar' }), ...headers },
      // A connection for each request: one that is kept may be gone when it is used again.
      agent: false,
      ...(signal && { signal }),
    } as const;
    const outgoing = tls ? overTls(options) : overHttp(options);
    // Of an answer that breaks off its reader hears.
    outgoing.on('error', () => {});
    if (archive && !Buffer.isBuffer(archive))
      archive.once('error', (error) => outgoing.destroy(error)).pipe(outgoing);
    else if (archive) outgoing.end(archive);
    else if (body === undefined) outgoing.end();
    else {
      const bytes = Buffer.from(JSON.stringify(body));
      outgoing.setHeader('Content-Type', 'application/json');
      outgoing.setHeader('Content-Length', bytes.length);
      outgoing.end(bytes);
    }
    return outgoing;
  };
}

function answered(outgoing: ClientRequest): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    outgoing.once('error', reject);
    outgoing.once('response', (answer) => {
      if ((answer.statusCode ?? 0) < 400) resolve(answer);
      else void refusal(answer).then(reject, reject);
    });
  });
}

/** Engines say why as JSON, Podman at times with the cause apart. */
async function refusal(answer: IncomingMessage): Promise<EngineError> {
  const body = await text(answer);
  let message = body.trim();
  try {
    message = (JSON.parse(body) as { message?: string }).message ?? message;
  } catch {
    // It is plain text.
  }
  return new EngineError(answer.statusCode ?? 0, message || `status ${answer.statusCode}`);
}

function isOlder(one: string, other: string): boolean {
  const [a = 0, b = 0] = one.split('.').map(Number);
  const [c = 0, d = 0] = other.split('.').map(Number);
  return a < c || (a === c && b < d);
}
