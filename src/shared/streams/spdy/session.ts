import { Duplex } from 'node:stream';
import { dataFrame, type Frame, pingFrame, replyFrame, resetFrame, SpdyFrameReader } from './frames.ts';
import { emptyHeaders, headerReader } from './headers.ts';

/** Beyond this a stream that nobody reads holds up the whole connection: SPDY as Kubernetes speaks it has no windows. */
const bufferBytes = 256 * 1_024;
const mostStreams = 1_000;
const longestWrite = 64 * 1_024;

/** Describes what carries a session: a connection, or a WebSocket's messages. */
export interface Carrier {
  /** Resolves when more may follow. */
  send(bytes: Uint8Array): Promise<void>;
  close(): void;
}

/** The server's end of a SPDY/3.1 connection. */
export interface SpdySession {
  /** Takes what came. Nothing more should come before it resolves; rejects what breaks the protocol. */
  receive(bytes: Uint8Array): Promise<void>;
  /** Asks for a sign of life: by that a client that is gone is noticed even while nothing is read of it. */
  ping(): void;
  /** The carrier is gone: so are all streams. */
  end(): void;
}

/** `opened` is called with every stream that the client opens. */
export function speakSpdy(carrier: Carrier, opened: (stream: SpdyStream) => void): SpdySession {
  const reader = new SpdyFrameReader();
  const headersIn = headerReader();
  const noHeaders = emptyHeaders();
  const streams = new Map<number, SpdyStream>();

  async function open({ id, block, fin }: Extract<Frame, { is: 'open' }>): Promise<void> {
    const headers = await headersIn(block);
    if (streams.size >= mostStreams || streams.has(id)) return carrier.send(resetFrame(id, 'refused'));
    const stream = new SpdyStream(id, headers, carrier);
    streams.set(id, stream);
    stream.once('close', () => streams.delete(id));
    void carrier.send(replyFrame(id, noHeaders()));
    opened(stream);
    if (fin) await stream.receive(null);
  }

  async function take(frame: Frame): Promise<void> {
    switch (frame.is) {
      case 'open':
        return open(frame);
      case 'data': {
        const stream = streams.get(frame.id);
        if (frame.data.length) await stream?.receive(frame.data);
        if (frame.fin) await stream?.receive(null);
        return;
      }
      case 'reset':
        streams.get(frame.id)?.reset();
        return;
      case 'ping':
        // The client's own have odd numbers; what is even answers one of ours.
        return frame.id % 2 ? carrier.send(pingFrame(frame.id)) : undefined;
      case 'headers':
        await headersIn(frame.block);
        return;
      case 'goAway':
        carrier.close();
    }
  }

  return {
    async receive(bytes) {
      for (const frame of reader.take(bytes)) await take(frame);
    },
    // Ours have even numbers. Nobody waits for the answer, so that one is enough.
    ping: () => void carrier.send(pingFrame(2)),
    end() {
      for (const stream of streams.values()) stream.reset();
    },
  };
}

/** One stream; ending it ends this side's half. */
export class SpdyStream extends Duplex {
  readonly id: number;
  /** By names in lower case. */
  readonly headers: Record<string, string>;
  readonly #carrier: Carrier;
  #isReset = false;
  #readAgain: () => void = () => {};

  constructor(id: number, headers: Record<string, string>, carrier: Carrier) {
    super({ readableHighWaterMark: bufferBytes, allowHalfOpen: true });
    this.id = id;
    this.headers = headers;
    this.#carrier = carrier;
    this.on('error', () => {});
  }

  /** Null: the other side's half is over. Resolves when more may come. */
  async receive(bytes: Uint8Array | null): Promise<void> {
    if (this.destroyed || this.readableEnded || this.push(bytes) || !bytes) return;
    await new Promise<void>((resolve) => {
      this.#readAgain = resolve;
    });
  }

  /** The other side, or the connection, is gone. */
  reset(): void {
    this.#isReset = true;
    this.destroy();
  }

  override _read(): void {
    this.#readAgain();
  }

  override _write(bytes: Buffer, _encoding: string, done: (error?: Error) => void): void {
    void this.#send(bytes).then(() => done());
  }

  override _final(done: (error?: Error) => void): void {
    void this.#carrier.send(dataFrame(this.id, Buffer.alloc(0), true)).then(() => done());
  }

  /** Given up before both halves were over: the other side is told. */
  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    if (!this.#isReset && !(this.readableEnded && this.writableFinished))
      void this.#carrier.send(resetFrame(this.id, 'cancelled'));
    this.#readAgain();
    done(error);
  }

  async #send(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length; at += longestWrite)
      await this.#carrier.send(dataFrame(this.id, bytes.subarray(at, at + longestWrite), false));
  }
}
