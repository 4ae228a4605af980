import type { IncomingHttpHeaders, IncomingMessage, Agent as PlainAgent } from 'node:http';
import type { Agent, request } from 'node:https';
import type { Duplex } from 'node:stream';
import { httpFor, trustOnly } from '../../local/drivers/lazyHttp.ts';
import { nodeFs } from '../../local/drivers/nodeFs.ts';
import { version } from '../../local/version.ts';
import { refusal, unreachable, warningsIn } from './answers.ts';
import { execCredential } from './exec.ts';
import type { Endpoint } from './kubeconfig.ts';

export interface Ask {
  method?: string;
  /** Below the server's address: `/api/v1/pods?limit=500`. */
  path: string;
  accept?: string;
  body?: unknown;
  /** Media type of the body, when it is not plain JSON. */
  type?: string;
  signal?: AbortSignal;
}

export interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A connection that the server has turned into one of another protocol; its bytes are the caller's. */
export interface Upgraded {
  headers: IncomingHttpHeaders;
  socket: Duplex;
  /** Bytes that came with the answer. */
  head: Buffer;
}

/** Requests to one API server, over connections that are kept, until `signal`. Warnings of the server go to `warn`. */
export class Connection {
  readonly server: string;
  readonly #agent: Agent | PlainAgent;
  readonly #headers: Record<string, string>;
  readonly #request: typeof request;
  readonly #signal: AbortSignal;
  readonly #warn: (warning: string) => void;
  readonly #endpoint: Endpoint;

  constructor(
    endpoint: Endpoint,
    signal: AbortSignal,
    warn: (warning: string) => void,
    agent?: Agent | PlainAgent,
  ) {
    const { server, ca, certificate: cert, key, insecure, serverName, tokenFile } = endpoint;
    const token = endpoint.token ?? (tokenFile ? nodeFs.readFileSync(tokenFile, 'utf8').trim() : undefined);
    const http = httpFor(server);
    this.server = server;
    this.#signal = signal;
    this.#warn = warn;
    this.#request = http.request;
    this.#headers = {
      'user-agent': `shallop/${version}`,
      ...(token && { authorization: `Bearer ${token}` }),
    };
    this.#endpoint = endpoint;
    this.#agent =
      agent ??
      new http.Agent({
        keepAlive: true,
        ...(server.startsWith('https:') && {
          ca,
          cert,
          key,
          rejectUnauthorized: !insecure,
          ...(serverName && { servername: serverName }),
        }),
      });
  }

  /** The same connections, to what this server serves below a path: a logical cluster. */
  below(path: string): Connection {
    const endpoint = { ...this.#endpoint, server: `${this.server}${path}` };
    return new Connection(endpoint, this.#signal, this.#warn, this.#agent);
  }

  /** The same connections with newer credentials; undefined where they are for another certificate than that given. */
  renewed(given: Partial<Endpoint>): Connection | undefined {
    const { certificate, key } = this.#endpoint;
    const endpoint = { ...this.#endpoint, ...given };
    if (endpoint.certificate !== certificate || endpoint.key !== key) return undefined;
    return new Connection(endpoint, this.#signal, this.#warn, this.#agent);
  }

  /** The whole answer as JSON. Throws ServerError for a refusal. */
  async json<T>(ask: Ask): Promise<T> {
    const { body } = await this.ask(ask);
    return JSON.parse(body.toString()) as T;
  }

  /** The whole answer. Throws ServerError for a refusal. */
  async ask(ask: Ask): Promise<Answer> {
    const response = await this.#send(ask);
    const body = await bytesOf(response);
    const status = response.statusCode ?? 0;
    if (status >= 400) throw refusal(status, body);
    return { status, headers: response.headers, body };
  }

  /** An answer as it comes: a watch, a log. */
  async stream(ask: Ask): Promise<AsyncIterable<Buffer>> {
    const response = await this.#send(ask);
    if ((response.statusCode ?? 0) < 400) return response;
    throw refusal(response.statusCode ?? 0, await bytesOf(response));
  }

  /** Asks for another protocol on a connection of its own: exec. Throws ServerError for a refusal. */
  upgrade(path: string, wanted: Record<string, string>, signal?: AbortSignal): Promise<Upgraded> {
    const ending = signal ? AbortSignal.any([signal, this.#signal]) : this.#signal;
    const headers = { ...this.#headers, ...wanted, connection: 'Upgrade' };
    return new Promise((resolve, reject) => {
      const outgoing = this.#request(`${this.server}${path}`, {
        agent: this.#agent as Agent,
        headers,
        signal: ending,
      });
      outgoing.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(error, this.server)));
      outgoing.on('upgrade', ({ headers }, socket, head) => resolve({ headers, socket, head }));
      outgoing.on('response', (response) => {
        bytesOf(response).then((body) => reject(refusal(response.statusCode ?? 0, body)), reject);
      });
      outgoing.end();
    });
  }

  close(): void {
    this.#agent.destroy();
  }

  #send({
    method = 'GET',
    path,
    accept = 'application/json',
    body,
    type,
    signal,
  }: Ask): Promise<IncomingMessage> {
    const ending = signal ? AbortSignal.any([signal, this.#signal]) : this.#signal;
    const data =
      body === undefined ? undefined : typeof body === 'string' ? body : Buffer.from(JSON.stringify(body));
    const headers = {
      ...this.#headers,
      accept,
      ...(data && { 'content-type': type ?? 'application/json' }),
      // Said explicitly, since without it the body of a DELETE would be sent with no end.
      ...(method !== 'GET' && { 'content-length': data ? Buffer.byteLength(data) : 0 }),
    };
    return new Promise((resolve, reject) => {
      const outgoing = this.#request(
        `${this.server}${path}`,
        { method, agent: this.#agent as Agent, headers, signal: ending },
        (response) => {
          for (const warning of warningsIn(response)) this.#warn(warning);
          resolve(response);
        },
      );
      outgoing.on('error', (error: NodeJS.ErrnoException) => reject(unreachable(error, this.server)));
      outgoing.end(data);
    });
  }
}

/** The bytes of an answer. `node:stream/consumers` would make a Blob of them first, which takes a millisecond. */
function bytesOf(response: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  return new Promise((resolve, reject) => {
    response.on('data', (chunk: Buffer) => chunks.push(chunk));
    response.on('end', () => resolve(Buffer.concat(chunks)));
    response.on('error', reject);
  });
}

/** Asks the credential plugin, where the kubeconfig names one. `isOnly`: this process speaks to nobody else. */
export async function connect(
  endpoint: Endpoint,
  signal: AbortSignal,
  warn: (warning: string) => void,
  isOnly = false,
): Promise<Connection> {
  const given = endpoint.exec ? await execCredential(endpoint.exec, endpoint) : {};
  const { ca } = endpoint;
  const isTrusted = isOnly && ca !== undefined && trustOnly(ca);
  return new Connection({ ...endpoint, ...given, ...(isTrusted && { ca: undefined }) }, signal, warn);
}
