import { ByteQueue } from '../byteQueue.ts';

/** A frame of SPDY/3.1 as a client sends it; `block` is a part of its one compressed stream of headers. */
export type Frame =
  | { is: 'data'; id: number; data: Buffer; fin: boolean }
  | { is: 'open'; id: number; block: Buffer; fin: boolean }
  | { is: 'headers'; block: Buffer }
  | { is: 'reset'; id: number }
  | { is: 'ping'; id: number }
  | { is: 'goAway' }
  /** Settings and windows: Kubernetes's clients and servers have none. */
  | { is: 'other' };

const version = 3;
const types = { open: 1, reply: 2, reset: 3, ping: 6, goAway: 7, headers: 8 } as const;
const finFlag = 1;
const longest = 1_024 * 1_024;

/** Takes frames apart, however the bytes come. Throws on what breaks the protocol. */
export class SpdyFrameReader {
  readonly #bytes = new ByteQueue();

  take(bytes: Uint8Array): Frame[] {
    this.#bytes.add(bytes);
    const frames: Frame[] = [];
    for (;;) {
      const left = this.#bytes.waiting;
      const length = left.length < 8 ? 0 : left.readUIntBE(5, 3);
      if (length > longest) throw new Error('a frame is too long');
      if (left.length < 8 + length) return frames;
      // The frame outlives what waits.
      frames.push(frameOf(left.subarray(0, 8), Buffer.from(left.subarray(8, 8 + length))));
      this.#bytes.drop(8 + length);
    }
  }
}

function frameOf(head: Buffer, body: Buffer): Frame {
  const fin = (head[4]! & finFlag) !== 0;
  if (!(head[0]! & 0x80)) return { is: 'data', id: head.readUInt32BE(0), data: body, fin };
  if (head.readUInt16BE(0) !== (0x8000 | version)) throw new Error('another version of SPDY');
  switch (head.readUInt16BE(2)) {
    case types.open:
      return { is: 'open', id: idIn(body), block: body.subarray(10), fin };
    case types.headers:
    case types.reply:
      return { is: 'headers', block: body.subarray(4) };
    case types.reset:
      return { is: 'reset', id: idIn(body) };
    case types.ping:
      return { is: 'ping', id: idIn(body) };
    case types.goAway:
      return { is: 'goAway' };
    default:
      return { is: 'other' };
  }
}

const idIn = (body: Buffer): number => body.readUInt32BE(0) & 0x7fff_ffff;

/** Some bytes of a stream; with `fin` there are no more. */
export function dataFrame(id: number, data: Uint8Array, fin: boolean): Buffer {
  const head = Buffer.alloc(8);
  head.writeUInt32BE(id, 0);
  head[4] = fin ? finFlag : 0;
  head.writeUIntBE(data.length, 5, 3);
  return Buffer.concat([head, data]);
}

/** Accepts a stream. `block`: no headers, compressed. */
export const replyFrame = (id: number, block: Uint8Array): Buffer => control(types.reply, id, block);

export const resetReasons = { refused: 3, cancelled: 5 } as const;

/** Ends a stream at once, in both directions. */
export const resetFrame = (id: number, why: keyof typeof resetReasons): Buffer =>
  control(types.reset, id, Buffer.from([0, 0, 0, resetReasons[why]]));

export const pingFrame = (id: number): Buffer => control(types.ping, id, Buffer.alloc(0));

function control(type: number, id: number, rest: Uint8Array): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0x8000 | version, 0);
  head.writeUInt16BE(type, 2);
  head.writeUIntBE(4 + rest.length, 5, 3);
  head.writeUInt32BE(id, 8);
  return Buffer.concat([head, rest]);
}
