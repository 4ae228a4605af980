import { createHash } from 'node:crypto';

/** Describes what Session Manager and its clients send each other. */
export interface Message {
  /** `input_stream_data`, `output_stream_data`, `acknowledge`, `channel_closed`, … */
  type: string;
  /** Counts the stream messages of one direction, from 0. */
  sequence: number;
  id: string;
  /** See `payloads`. */
  payloadType: number;
  payload: Uint8Array;
  /** Milliseconds since the epoch. */
  createdAt: number;
  flags?: number;
}

export const payloads = {
  output: 1,
  size: 3,
  handshakeRequest: 5,
  handshakeResponse: 6,
  handshakeComplete: 7,
  flag: 10,
  stderr: 11,
  exitCode: 12,
} as const;

/** The content of a `flag` payload, in four bytes. */
export const flags = { terminate: 2, connectFailed: 3 } as const;

/** Says where the fields stand; the header's length does not count the field of the payload's length. */
const at = {
  type: 4,
  version: 36,
  created: 40,
  sequence: 48,
  flags: 56,
  id: 64,
  digest: 80,
  payloadType: 112,
  length: 116,
};
const headerLength = 116;
const bodyAt = 120;

export function encodeMessage({
  type,
  sequence,
  id,
  payloadType,
  payload,
  createdAt,
  flags = 0,
}: Message): Buffer {
  const bytes = Buffer.alloc(bodyAt + payload.length);
  bytes.writeUInt32BE(headerLength, 0);
  bytes.write(type.padEnd(32), at.type, 'latin1');
  bytes.writeUInt32BE(1, at.version);
  bytes.writeBigUInt64BE(BigInt(createdAt), at.created);
  bytes.writeBigInt64BE(BigInt(sequence), at.sequence);
  bytes.writeBigUInt64BE(BigInt(flags), at.flags);
  bytes.set(swapped(Buffer.from(id.replaceAll('-', ''), 'hex')), at.id);
  bytes.set(digestOf(payload), at.digest);
  bytes.writeUInt32BE(payloadType, at.payloadType);
  bytes.writeUInt32BE(payload.length, at.length);
  bytes.set(payload, bodyAt);
  return bytes;
}

/** Throws on what is no message, or was changed on its way. */
export function decodeMessage(input: Uint8Array): Message {
  const bytes = Buffer.from(input.buffer, input.byteOffset, input.byteLength);
  if (bytes.length < bodyAt) throw new Error('a message of Session Manager is truncated');
  const body = bytes.readUInt32BE(0) + 4;
  const payload = bytes.subarray(body, body + bytes.readUInt32BE(at.length));
  if (payload.length && !digestOf(payload).equals(bytes.subarray(at.digest, at.digest + 32)))
    throw new Error('a message of Session Manager does not match its digest');
  return {
    // Padded with spaces or with NULs.
    type: bytes.toString('latin1', at.type, at.version).replace(/[\0 ]+$/, ''),
    sequence: Number(bytes.readBigInt64BE(at.sequence)),
    id: uuidOf(swapped(bytes.subarray(at.id, at.digest))),
    payloadType: bytes.readUInt32BE(at.payloadType),
    payload,
    createdAt: Number(bytes.readBigUInt64BE(at.created)),
    flags: Number(bytes.readBigUInt64BE(at.flags)),
  };
}

const digestOf = (payload: Uint8Array) => createHash('sha256').update(payload).digest();

/** The later half of an id comes first. */
const swapped = (id: Uint8Array) => Buffer.concat([id.subarray(8, 16), id.subarray(0, 8)]);

const uuidOf = (id: Buffer) =>
  id.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
