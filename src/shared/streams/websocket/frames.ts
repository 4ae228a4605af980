import { ByteQueue } from '../byteQueue.ts';

/** A message of a WebSocket connection (RFC 6455). */
export type Received =
  | { is: 'binary' | 'text' | 'ping' | 'pong'; data: Buffer }
  | { is: 'close'; code: number };

const opcodes = { continuation: 0, text: 1, binary: 2, close: 8, ping: 9, pong: 10 } as const;
const kinds: Record<number, 'text' | 'binary' | 'close' | 'ping' | 'pong'> = {
  1: 'text',
  2: 'binary',
  8: 'close',
  9: 'ping',
  10: 'pong',
};
const longest = 16 * 1_024 * 1_024;

/** Says which end of a connection speaks. A client masks what it sends. */
export type Side = 'client' | 'server';

/** A whole message. `mask` is a client's: four bytes. */
export function encodeFrame(
  kind: 'text' | 'binary' | 'close' | 'ping' | 'pong',
  data: Uint8Array,
  mask?: Uint8Array,
): Buffer {
  const { length } = data;
  const extended = length < 126 ? 0 : length < 65_536 ? 2 : 8;
  const head = Buffer.alloc(2 + extended);
  head[0] = 0x80 | opcodes[kind];
  head[1] = extended === 0 ? length : extended === 2 ? 126 : 127;
  if (extended === 2) head.writeUInt16BE(length, 2);
  if (extended === 8) head.writeBigUInt64BE(BigInt(length), 2);
  if (!mask) return Buffer.concat([head, data]);
  head[1]! |= masked;
  return Buffer.concat([head, mask, unmasked(data, mask)]);
}

const masked = 0x80;

function unmasked(data: Uint8Array, mask: Uint8Array): Buffer {
  const plain = Buffer.from(data);
  for (let i = 0; i < plain.length; i++) plain[i]! ^= mask[i & 3]!;
  return plain;
}

/** Puts frames together, however the bytes come. Throws on what breaks the protocol. */
export class FrameReader {
  readonly #isMasked: boolean;
  readonly #bytes = new ByteQueue();
  #parts: Buffer[] = [];
  #length = 0;
  #kind: 'text' | 'binary' | undefined;

  /** @param from who sends them */
  constructor(from: Side = 'client') {
    this.#isMasked = from === 'client';
  }

  take(bytes: Uint8Array): Received[] {
    this.#bytes.add(bytes);
    const all: Received[] = [];
    for (let frame = this.#next(); frame; frame = this.#next()) {
      const received = this.#assemble(frame);
      if (received) all.push(received);
    }
    return all;
  }

  #next(): { opcode: number; final: boolean; data: Buffer } | undefined {
    const bytes = this.#bytes.waiting;
    if (bytes.length < 2) return undefined;
    const [first, second] = [bytes[0]!, bytes[1]!];
    if (first & 0x70) throw new Error('extensions were not agreed on');
    if (Boolean(second & masked) !== this.#isMasked)
      throw new Error(this.#isMasked ? 'a client masks its frames' : 'a server does not mask its frames');
    const short = second & 0x7f;
    const maskAt = short < 126 ? 2 : short === 126 ? 4 : 10;
    const dataAt = maskAt + (this.#isMasked ? 4 : 0);
    if (bytes.length < dataAt) return undefined;
    const length =
      short < 126 ? short : short === 126 ? bytes.readUInt16BE(2) : Number(bytes.readBigUInt64BE(2));
    if (length > longest) throw new Error('a frame is too long');
    const end = dataAt + length;
    if (bytes.length < end) return undefined;
    const sent = bytes.subarray(dataAt, end);
    const data = this.#isMasked ? unmasked(sent, bytes.subarray(maskAt, dataAt)) : Buffer.from(sent);
    this.#bytes.drop(end);
    return { opcode: first & 0x0f, final: (first & 0x80) !== 0, data };
  }

  #assemble({ opcode, final, data }: { opcode: number; final: boolean; data: Buffer }): Received | undefined {
    const kind = kinds[opcode];
    if (kind === 'close') return { is: 'close', code: data.length >= 2 ? data.readUInt16BE(0) : 1005 };
    if (kind === 'ping' || kind === 'pong') return { is: kind, data };
    if (kind) {
      if (this.#kind) throw new Error('a message begins within another');
      this.#kind = kind;
    } else if (opcode !== opcodes.continuation || !this.#kind) throw new Error('a frame of no message');
    this.#parts.push(data);
    this.#length += data.length;
    if (this.#length > longest) throw new Error('a message is too long');
    if (!final) return undefined;
    const whole = { is: this.#kind!, data: Buffer.concat(this.#parts) };
    this.#kind = undefined;
    this.#parts = [];
    this.#length = 0;
    return whole;
  }
}
