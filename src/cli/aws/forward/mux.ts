import { Duplex } from 'node:stream';
import { encodeMuxFrame, muxCommands as is, MuxFrameReader } from './frames.ts';

const longestPiece = 32_768;

/** Describes what carries connections: a session, as its data channel sends. */
export interface Carrier {
  /** Resolves when more may follow. */
  send(bytes: Uint8Array): Promise<void>;
}

/** The client's end of many connections over one session, as the agent of Session Manager speaks (smux, version 1). */
export class Mux {
  readonly #carrier: Carrier;
  readonly #reader = new MuxFrameReader();
  readonly #open = new Map<number, MuxConnection>();
  #next = 1;
  #refusals = 0;

  constructor(carrier: Carrier) {
    this.#carrier = carrier;
  }

  /** A new connection; that nobody takes it comes as an ECONNREFUSED. */
  connect(): Duplex {
    const id = this.#next;
    this.#next += 2;
    const connection = new MuxConnection((command, bytes) =>
      this.#carrier.send(encodeMuxFrame(command, id, bytes)),
    );
    this.#open.set(id, connection);
    connection.once('close', () => this.#open.delete(id));
    return connection;
  }

  /** Throws on what breaks the protocol. */
  receive(bytes: Uint8Array): void {
    for (const { command, id, data } of this.#reader.take(bytes)) {
      const connection = this.#open.get(id);
      if (command === is.data) connection?.receive(data);
      else if (command === is.end && !connection?.isAnswered && this.#refusals) {
        this.#refusals--;
        connection?.destroy(Object.assign(new Error('connection refused'), { code: 'ECONNREFUSED' }));
      } else if (command === is.end) connection?.receive(null);
    }
  }

  /** The agent reached no port: it does not say for which connection, but ends that one next. */
  refused(): void {
    this.#refusals++;
  }

  /** The session is gone: so are all connections. */
  end(why: string): void {
    for (const connection of this.#open.values()) connection.destroy(new Error(why));
  }
}

/** To the agent the end of one direction is the end of both. */
class MuxConnection extends Duplex {
  /** Something came, if only the end. */
  isAnswered = false;
  readonly #send: (command: number, bytes?: Uint8Array) => Promise<void>;
  #isEnded = false;

  constructor(send: (command: number, bytes?: Uint8Array) => Promise<void>) {
    super({ allowHalfOpen: true });
    this.#send = send;
    this.on('error', () => {});
    void send(is.open);
  }

  receive(bytes: Uint8Array | null): void {
    this.isAnswered = true;
    if (!this.destroyed && !this.readableEnded) this.push(bytes);
  }

  override _read(): void {}

  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    void this.#sendAll(bytes).then(() => done());
  }

  override _final(done: () => void): void {
    void this.#sendEnd().then(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    void this.#sendEnd();
    done(error);
  }

  async #sendAll(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += longestPiece)
      await this.#send(is.data, bytes.subarray(at, at + longestPiece));
  }

  async #sendEnd(): Promise<void> {
    if (this.#isEnded) return;
    this.#isEnded = true;
    await this.#send(is.end);
  }
}
