import type { Http2ServerRequest, Http2ServerResponse } from 'node:http2';
import type { TLSSocket } from 'node:tls';
import type { ApiRequest, Peer } from '../../shared/api/http/message.ts';
import { ApiError } from '../../shared/errors/apiError.ts';
import { badRequest } from '../../shared/errors/common.ts';

/** A body has to arrive within this time. */
const bodyTimeoutMs = 60_000;

/** Is what all bodies that have not been answered may hold together. */
const mostBuffered = 256 * 1024 * 1024;
let buffered = 0;

/** Is the bit that tells small letters from capitals. */
const lowerCase = 0x20;

const cutOff = () => badRequest('the request body was cut off');

const tooLarge = (limit: number) =>
  new ApiError('RequestEntityTooLarge', `Request entity too large: limit is ${limit}`);

const tooManyBodies = () =>
  new ApiError('TooManyRequests', 'Too many requests, please try again later.', {
    details: { retryAfterSeconds: 1 },
  });

/** A request of node:http2 (either protocol) as the core sees it. */
export class ApiRequestOf implements ApiRequest {
  readonly #incoming: Http2ServerRequest;
  readonly #outgoing: Http2ServerResponse;
  #peer: Peer | undefined;
  #controller: AbortController | undefined;
  #aborted = false;
  #isRead = false;

  constructor(incoming: Http2ServerRequest, outgoing: Http2ServerResponse) {
    this.#incoming = incoming;
    this.#outgoing = outgoing;
  }

  get method(): string {
    return this.#incoming.method;
  }

  get target(): string {
    return this.#incoming.url;
  }

  header(name: string): string | undefined {
    const value = this.#incoming.headers[name];
    return Array.isArray(value) ? value.join(', ') : value;
  }

  headersBeginning(prefix: string): [string, string][] {
    const { rawHeaders } = this.#incoming;
    const found: [string, string][] = [];
    const first = prefix.charCodeAt(0);
    for (let i = 0; i < rawHeaders.length; i += 2) {
      // Most begin with another letter, and none of them need be made lower case for it.
      if (prefix && (rawHeaders[i]!.charCodeAt(0) | lowerCase) !== first) continue;
      const name = rawHeaders[i]!.toLowerCase();
      if (name.startsWith(prefix)) found.push([name, rawHeaders[i + 1]!]);
    }
    return found;
  }

  /** Asked several times for each request, which is of one moment. */
  get peer(): Peer {
    this.#peer ??= peerOf((this.#incoming.stream?.session?.socket ?? this.#incoming.socket) as TLSSocket);
    return this.#peer;
  }

  /** Made only for requests that ask for it: most are over before anybody could leave. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      const controller = new AbortController();
      this.#controller = controller;
      if (this.#aborted) controller.abort();
      else this.#outgoing.once('close', () => controller.abort());
    }
    return this.#controller.signal;
  }

  /** Ends the request from this side: watches stop. */
  abort(): void {
    this.#aborted = true;
    this.#controller?.abort();
  }

  chunks(): AsyncIterable<Uint8Array> {
    this.#readOnce();
    return this.#incoming;
  }

  async body(limit: number): Promise<Uint8Array> {
    this.#readOnce();
    const incoming = this.#incoming;
    if (Number(incoming.headers['content-length'] ?? 0) > limit) throw tooLarge(limit);
    if (incoming.readableEnded) return Buffer.alloc(0);
    // Over HTTP/1.1 a small body comes with its head, and is here once node's parser has gone on. Then nobody need listen for
    // it, nor set a timer.
    if (!incoming.stream) await undefined;
    // When its sender has left the answer is over, and nothing would take off again what is counted until then.
    if (incoming.destroyed) throw cutOff();
    return this.#arrived() ?? this.#whole(limit);
  }

  /** The body if all of it is here: its length is what the head says. */
  #arrived(): Uint8Array | undefined {
    const incoming = this.#incoming;
    const size = incoming.readableLength;
    if (incoming.stream || !size || size !== Number(incoming.headers['content-length'])) return undefined;
    if (buffered + size > mostBuffered) throw tooManyBodies();
    buffered += size;
    this.#holds(() => size);
    const body = incoming.read() as Buffer;
    // Else its end would never be read, for which node's server waits.
    incoming.resume();
    return body;
  }

  /** Counts what is kept of a body until its answer is over. */
  #holds(size: () => number): void {
    this.#outgoing.once('close', () => {
      buffered -= size();
    });
  }

  /** @throws Error when the body has been read: it comes once, and nothing would be left of it. */
  #readOnce(): void {
    if (this.#isRead) throw new Error('the body of a request is read a second time');
    this.#isRead = true;
  }

  #whole(limit: number): Promise<Uint8Array> {
    const incoming = this.#incoming;
    return new Promise((resolve, reject) => {
      const chunks: Buffer[] = [];
      let size = 0;
      const timer = setTimeout(
        () => reject(badRequest('the request body did not arrive in time')),
        bodyTimeoutMs,
      );
      const cut = () => {
        clearTimeout(timer);
        reject(cutOff());
      };
      this.#holds(() => size);
      incoming.on('data', (chunk: Buffer) => {
        size += chunk.length;
        buffered += chunk.length;
        if (buffered > mostBuffered) {
          clearTimeout(timer);
          reject(tooManyBodies());
          incoming.destroy();
          return;
        }
        if (size <= limit) chunks.push(chunk);
        else {
          clearTimeout(timer);
          reject(tooLarge(limit));
        }
      });
      incoming.once('end', () => {
        clearTimeout(timer);
        resolve(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks));
      });
      incoming.once('aborted', cut);
      incoming.once('error', cut);
    });
  }
}

interface Seen {
  peer: Peer;
  /** Milliseconds since the epoch: a connection outlives the certificate that it was opened with. */
  until: number;
}

const peers = new WeakMap<TLSSocket, Seen>();

/** Returns who is at the other end of a connection; its certificate is read once for each. */
function peerOf(socket: TLSSocket): Peer {
  let seen = peers.get(socket);
  if (!seen) {
    seen = look(socket);
    peers.set(socket, seen);
  }
  if (Date.now() <= seen.until) return seen.peer;
  return { address: seen.peer.address, certificateRefused: true };
}

function look(socket: TLSSocket): Seen {
  const address = socket.remoteAddress ?? '';
  const shown = socket.getPeerCertificate();
  // Without a certificate it is an empty object.
  if (!shown?.subject) return { peer: { address }, until: Number.POSITIVE_INFINITY };
  const until = Date.parse(shown.valid_to);
  if (!socket.authorized) return { peer: { address, certificateRefused: true }, until };
  const { CN, O } = shown.subject;
  const [commonName] = all(CN);
  const fingerprint = shown.fingerprint256.replaceAll(':', '').toLowerCase();
  const certificate = commonName && { commonName, organizations: all(O), fingerprint };
  return { peer: { address, ...(certificate && { certificate }) }, until };
}

/** A name that stands once in a subject is a string, several are a list. */
const all = (value: string | string[] | undefined): string[] => [value ?? []].flat();
