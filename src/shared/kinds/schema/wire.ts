/** The protobuf wire format: varints, tags and length-delimited bytes. */
import { DecodeError } from './decode-error.ts';

/** Wire types; 3 and 4 are the groups of old, which are only skipped. */
export const varint = 0;
/** Is the wire type of eight bytes: floating-point numbers. */
export const fixed64 = 1;
/** Is the wire type of what begins with its length: texts, bytes and messages. */
export const delimited = 2;
const groupStart = 3;
const groupEnd = 4;
const fixed32 = 5;

const endOfInput = 'unexpected EOF';

/** Reads one message, and throws DecodeError at anything that is not one. */
export class Reader {
  readonly bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.bytes.length;
  }

  tag(): { number: number; wire: number } {
    const tag = Number(this.#unsigned());
    const number = Math.floor(tag / 8);
    if (number <= 0 || number >= 2 ** 29) throw new DecodeError(`proto: illegal tag ${number}`);
    return { number, wire: tag % 8 };
  }

  /** A number while it is exact, else a bigint. */
  int64(): number | bigint {
    const exact = BigInt.asIntN(64, BigInt(this.#unsigned()));
    return Number.isSafeInteger(Number(exact)) ? Number(exact) : exact;
  }

  int32(): number {
    return Number(BigInt.asIntN(32, BigInt(this.#unsigned())));
  }

  bool(): boolean {
    return Number(this.#unsigned()) !== 0;
  }

  double(): number {
    const at = this.#at;
    this.#skipBytes(8);
    return this.bytes.readDoubleLE(at);
  }

  /** A view on the input. */
  delimited(): Buffer {
    const length = Number(this.#unsigned());
    const at = this.#at;
    this.#skipBytes(length);
    return this.bytes.subarray(at, at + length);
  }

  /** Passes over the value of an unknown field. */
  skip(wire: number): void {
    for (let type = wire, groups = 0; ; type = this.tag().wire) {
      if (type === varint) this.#unsigned();
      else if (type === fixed64) this.#skipBytes(8);
      else if (type === delimited) this.delimited();
      else if (type === fixed32) this.#skipBytes(4);
      else if (type === groupStart) groups++;
      else if (type === groupEnd && groups > 0) groups--;
      else throw new DecodeError(`proto: illegal wireType ${type}`);
      if (groups === 0) return;
    }
  }

  #skipBytes(length: number): void {
    if (length > this.bytes.length - this.#at) throw new DecodeError(endOfInput);
    this.#at += length;
  }

  /** A number while it is exact, else a bigint of up to 64 bits. */
  #unsigned(): number | bigint {
    let value = 0;
    const start = this.#at;
    for (let factor = 1; ; factor *= 128) {
      if (this.done) throw new DecodeError(endOfInput);
      const byte = this.bytes[this.#at++]!;
      if (this.#at - start > 7) return this.#unsignedBig(start);
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  #unsignedBig(start: number): bigint {
    this.#at = start;
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      if (this.done) throw new DecodeError(endOfInput);
      const byte = this.bytes[this.#at++]!;
      value |= BigInt(byte & 127) << shift;
      if (byte < 128) return BigInt.asUintN(64, value);
    }
    throw new DecodeError('proto: integer overflow');
  }
}

/** Collects one message. */
export class Writer {
  readonly #chunks: Buffer[] = [];

  tag(number: number, wire: number): this {
    return this.unsigned(number * 8 + wire);
  }

  /** Negative numbers take ten bytes, as int32 and int64 do. */
  int(value: number | bigint): this {
    return this.unsigned(BigInt.asUintN(64, BigInt(value)));
  }

  double(value: number): this {
    const bytes = Buffer.alloc(8);
    bytes.writeDoubleLE(value);
    this.#chunks.push(bytes);
    return this;
  }

  delimited(bytes: Uint8Array): this {
    this.unsigned(bytes.byteLength);
    this.#chunks.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  unsigned(value: number | bigint): this {
    this.#chunks.push(value < 128 ? singles[Number(value)]! : several(value));
    return this;
  }
}

/** Most tags and lengths are one byte. Nobody changes these: they are copied. */
const singles = Array.from({ length: 128 }, (_, value) => Buffer.of(value));

function several(value: number | bigint): Buffer {
  const bytes = [];
  let rest = value;
  if (typeof rest === 'bigint') for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  else for (; rest > 127; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(Number(rest));
  return Buffer.from(bytes);
}
