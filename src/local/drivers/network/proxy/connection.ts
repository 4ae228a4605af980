import type { Socket } from 'node:net';
import type { Backends, EndpointUser } from './backends.ts';
import { dial } from './dial.ts';
import { Conversation } from './http1/conversation.ts';
import type { ConnectionOptions } from './options.ts';
import { reset, retire } from './sockets.ts';

/** A request may be sent again so often when its endpoint died before it answered. */
const maxRetries = 2;

/**
 * One client's connection and the endpoint it is joined to.
 *
 * Bytes pass unchanged. As long as they are understood as HTTP/1.x, the endpoint may change between two requests:
 * when it is no longer ready, or closed its side, the client's next request goes to another one, so a keep-alive
 * client never meets a closed connection. A request that can be repeated is sent again when its endpoint dies before
 * answering. Any other protocol (TLS, HTTP/2, databases) stays with its endpoint to the end; when the endpoint is
 * gone, both sides are ended after `quietMs` of silence, and cut after the grace that Backends keeps.
 */
export class Connection implements EndpointUser {
  endpointKey: string | undefined;
  readonly #client: Socket;
  readonly #backends: Backends;
  readonly #options: ConnectionOptions;
  readonly #closed = new AbortController();
  readonly #http = new Conversation();
  #backend: Socket | undefined;
  #dialling = false;
  #unsent: Buffer[] = [];
  /** What must not be repeated is sent when all was read that has come: the endpoint may have closed its side meanwhile. */
  #isHolding = false;
  #backendSpokeLast = true;
  #clientEnded = false;
  #failed = new Set<string>();
  #retries = 0;
  #endUse: (() => void) | undefined;

  constructor(client: Socket, backends: Backends, options: ConnectionOptions) {
    this.#client = client;
    this.#backends = backends;
    this.#options = options;
    backends.join(this);
    client.on('data', (chunk: Buffer) => this.#fromClient(chunk));
    client.on('end', () => this.#clientEnd());
    client.on('timeout', () => this.#clientIdle());
    client.on('error', () => this.destroy());
    client.on('close', () => this.#finish());
    this.#account();
    void this.#connect();
  }

  drain(gone: boolean): void {
    if (!this.#http.understood) {
      if (gone) this.#endWhenQuiet();
    } else if (this.#http.idle) {
      this.#release();
      // Nobody has spoken yet: perhaps the client waits for the endpoint to begin.
      if (this.#http.silent) void this.#connect();
    }
  }

  cut(): void {
    this.destroy();
  }

  lost(): void {
    if (!this.#backend) return;
    this.#backend.destroy();
    this.#backendEnd(true);
  }

  /** Resets both sides. */
  destroy(): void {
    reset(this.#client);
    if (this.#backend) reset(this.#backend);
    this.#finish();
  }

  async #connect(): Promise<void> {
    this.#dialling = true;
    this.#client.pause();
    const { signal } = this.#closed;
    const client = this.#client.remoteAddress ?? '';
    const dialled = await dial(this.#backends, client, this.#failed, signal, this.#options);
    this.#dialling = false;
    if (signal.aborted) return void ('socket' in dialled && dialled.socket.destroy());
    if (!('socket' in dialled)) return this.destroy();
    this.#attach(dialled.socket, dialled.key);
    // The endpoint may have left while it accepted.
    if (!this.#backends.isReady(dialled.key)) this.drain(!this.#backends.isKnown(dialled.key));
  }

  #attach(backend: Socket, key: string): void {
    this.#backend = backend;
    this.endpointKey = key;
    this.#client.setTimeout(0);
    const on = (event: 'data' | 'drain' | 'end' | 'error', act: (chunk: Buffer) => void) =>
      backend.on(event, (chunk: Buffer) => {
        if (this.#backend === backend) act(chunk);
      });
    on('data', (chunk) => this.#fromBackend(chunk));
    on('drain', () => this.#isHolding || this.#client.resume());
    on('end', () => this.#backendEnd(false));
    on('error', () => this.#backendEnd(true));
    this.#send(backend);
    if (this.#clientEnded) backend.end();
  }

  #send(backend: Socket): void {
    this.#isHolding = false;
    for (const chunk of this.#unsent.splice(0)) backend.write(chunk);
    if (!backend.writableNeedDrain) this.#client.resume();
  }

  /** HTTP between two requests uses nothing; a connection that has not said a word may be waited for. */
  #account(): void {
    const { understood, idle, silent } = this.#http;
    const isUsing = !this.#closed.signal.aborted && !(understood && idle && !silent);
    if (isUsing) this.#endUse ??= this.#backends.use?.begin();
    else {
      this.#endUse?.();
      this.#endUse = undefined;
    }
  }

  #fromClient(chunk: Buffer): void {
    this.#backendSpokeLast = false;
    const { understood, idle, silent } = this.#http;
    if (understood && idle) this.#prepareForRequest();
    this.#http.request(chunk);
    this.#account();
    this.#isHolding = understood && idle && !silent && !this.#http.repeatable;
    if (this.#backend && !this.#isHolding) return void (this.#backend.write(chunk) || this.#client.pause());
    this.#unsent.push(chunk);
    this.#client.pause();
    if (this.#backend) setImmediate(() => this.#backend && this.#send(this.#backend));
    else if (!this.#dialling) void this.#connect();
  }

  #prepareForRequest(): void {
    this.#client.setTimeout(0);
    this.#failed.clear();
    this.#retries = 0;
    if (this.endpointKey && !this.#backends.isReady(this.endpointKey)) this.#release();
  }

  #fromBackend(chunk: Buffer): void {
    this.#backendSpokeLast = true;
    this.#http.response(chunk);
    this.#account();
    if (this.#client.writableEnded) return;
    if (!this.#client.write(chunk)) this.#waitForClient();
    if (this.#http.understood && this.#http.idle && !this.#http.closing) {
      if (!this.#backends.isReady(this.endpointKey!)) this.#release();
      if (this.#clientEnded) this.#client.end();
    }
  }

  #waitForClient(): void {
    const backend = this.#backend!;
    backend.pause();
    this.#client.once('drain', () => backend.resume());
  }

  /** The endpoint said its last word, or (`broken`) died. */
  #backendEnd(broken: boolean): void {
    const http = this.#http;
    if (this.#isHolding) {
      this.#release();
      void this.#connect();
    } else if (http.understood) {
      // A silent one is idle as well: an endpoint that dies between accepting and reading looks like that.
      const idle = http.idle && !http.closing;
      const repeats = !idle && http.repeatable && this.#retries < maxRetries;
      if (idle && !this.#clientEnded) this.#afterIdleLoss(broken);
      else if (repeats) this.#retry();
      else this.#endClient(broken);
    } else this.#endClient(broken);
  }

  #endClient(broken: boolean): void {
    if (broken) return void this.destroy();
    this.#client.end();
    if (!this.#http.understood) return;
    this.#backend?.end();
    this.#client.setTimeout(this.#options.idleMs);
  }

  #afterIdleLoss(broken: boolean): void {
    if (!this.#http.silent) {
      this.#release();
    } else if (this.#retries++ < maxRetries) {
      this.#failed.add(this.endpointKey!);
      this.#release();
      void this.#connect();
    } else this.#endClient(broken);
  }

  #retry(): void {
    this.#retries++;
    this.#failed.add(this.endpointKey!);
    this.#release();
    this.#unsent = this.#http.repeat();
    void this.#connect();
  }

  /** Parts from the endpoint between two requests; the client does not notice. */
  #release(): void {
    const backend = this.#backend;
    this.#backend = undefined;
    this.endpointKey = undefined;
    if (!backend) return;
    retire(backend, this.#options.idleMs);
    this.#client.setTimeout(this.#options.idleMs);
    this.#client.resume();
  }

  /** No backend for long, or ended without an answer to that. */
  #clientIdle(): void {
    if (this.#client.writableEnded) return void this.destroy();
    this.#client.end();
    this.#client.setTimeout(this.#options.idleMs);
  }

  #clientEnd(): void {
    this.#clientEnded = true;
    if (this.#http.understood && this.#http.idle && !this.#dialling) this.#client.end();
    this.#backend?.end();
  }

  #endWhenQuiet(): void {
    const backend = this.#backend;
    if (!backend || backend.listenerCount('timeout') > 0) return;
    backend.setTimeout(this.#options.quietMs, () => {
      // An answer may still come: leave it to the grace limit.
      if (!this.#backendSpokeLast) return;
      backend.end();
      this.#client.end();
    });
  }

  #finish(): void {
    if (this.#closed.signal.aborted) return;
    this.#closed.abort();
    this.#account();
    this.#backends.leave(this);
    this.#backend?.destroySoon();
  }
}
