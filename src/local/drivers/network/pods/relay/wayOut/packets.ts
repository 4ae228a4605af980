import { formatAddress, parseAddress } from '../../../addresses.ts';

/** One end of a connection. */
export interface End {
  address: string;
  port: number;
}

/** Is a packet of TCP or UDP over IPv4, whole, with where its parts are. */
export interface Packet {
  protocol: 'tcp' | 'udp';
  source: End;
  destination: End;
  /** From its first byte to its last. */
  bytes: Buffer;
  /** The length of its IP header. */
  head: number;
}

const numbers = { tcp: 6, udp: 17 } as const;

/** Reads a packet. Undefined for what is none, is a fragment, or of another protocol. */
export function packetIn(bytes: Buffer): Packet | undefined {
  if (bytes.length < 28 || bytes[0]! >> 4 !== 4) return undefined;
  const head = (bytes[0]! & 15) * 4;
  const length = bytes.readUInt16BE(2);
  const isFragment = (bytes.readUInt16BE(6) & 0x3fff) !== 0;
  const protocol = bytes[9] === numbers.tcp ? 'tcp' : bytes[9] === numbers.udp ? 'udp' : undefined;
  const least = head + (protocol === 'tcp' ? 20 : 8);
  if (!protocol || isFragment || head < 20 || length < least || length > bytes.length) return undefined;
  const end = (address: number, port: number): End => ({
    address: formatAddress(bytes.readUInt32BE(address)),
    port: bytes.readUInt16BE(head + port),
  });
  return { protocol, source: end(12, 0), destination: end(16, 2), bytes: bytes.subarray(0, length), head };
}

const flagsOf = ({ bytes, head }: Packet): number => bytes[head + 13]!;
const [fin, syn, rst, ack] = [1, 2, 4, 16];

/** Says whether a packet of TCP begins a connection. */
export const isFirst = (packet: Packet): boolean => (flagsOf(packet) & (syn | ack)) === syn;

/** Says whether a packet of TCP ends a connection at once. */
export const isReset = (packet: Packet): boolean => (flagsOf(packet) & rst) !== 0;

const [optionEnd, noOption, windowScale] = [0, 1, 3];

/**
 * Takes the scale of windows out of a first packet, so that either side has at most 64 KiB under way. It needs other sums
 * then.
 */
export function limitWindow({ bytes, head }: Packet): void {
  const end = Math.min(bytes.length, head + (bytes[head + 12]! >> 4) * 4);
  for (let at = head + 20; at < end && bytes[at] !== optionEnd; ) {
    const length = bytes[at] === noOption ? 1 : (bytes[at + 1] ?? 0);
    if (length < 1 || at + length > end) return;
    if (bytes[at] === windowScale) bytes.fill(noOption, at, at + length);
    at += length;
  }
}

/** Gives a packet other ends, in its place, with the sums that they take. */
export function readdress({ protocol, bytes, head }: Packet, source: End, destination: End): void {
  bytes.writeUInt32BE(parseAddress(source.address)!, 12);
  bytes.writeUInt32BE(parseAddress(destination.address)!, 16);
  bytes.writeUInt16BE(source.port, head);
  bytes.writeUInt16BE(destination.port, head + 2);
  writeSums(protocol, bytes, head);
}

/** The answer of whoever takes no connection, or knows none, to a packet of TCP. */
export function refusalOf(packet: Packet): Buffer {
  const { bytes, head, source, destination } = packet;
  const flags = flagsOf(packet);
  const data = bytes.length - head - (bytes[head + 12]! >> 4) * 4;
  const answer = Buffer.alloc(40);
  writeHead(answer, 'tcp', destination, source);
  const next = bytes.readUInt32BE(head + 4) + data + (flags & syn ? 1 : 0) + (flags & fin ? 1 : 0);
  if (flags & ack) answer.writeUInt32BE(bytes.readUInt32BE(head + 8), 24);
  else answer.writeUInt32BE(next >>> 0, 28);
  answer[32] = 5 << 4;
  answer[33] = flags & ack ? rst : rst | ack;
  writeSums('tcp', answer, 20);
  return answer;
}

/** A packet of UDP. */
export function datagram(source: End, destination: End, payload: Buffer): Buffer {
  const bytes = Buffer.alloc(28 + payload.length);
  writeHead(bytes, 'udp', source, destination);
  bytes.writeUInt16BE(8 + payload.length, 24);
  payload.copy(bytes, 28);
  writeSums('udp', bytes, 20);
  return bytes;
}

/** Is what a packet of UDP carries. */
export const payloadOf = ({ bytes, head }: Packet): Buffer => bytes.subarray(head + 8);

function writeHead(bytes: Buffer, protocol: Packet['protocol'], source: End, destination: End): void {
  bytes[0] = 0x45;
  bytes.writeUInt16BE(bytes.length, 2);
  bytes[8] = 64;
  bytes[9] = numbers[protocol];
  bytes.writeUInt32BE(parseAddress(source.address)!, 12);
  bytes.writeUInt32BE(parseAddress(destination.address)!, 16);
  bytes.writeUInt16BE(source.port, 20);
  bytes.writeUInt16BE(destination.port, 22);
}

/**
 * Sums are made anew and not changed by what changed: a packet that a kernel passes on by itself may have none yet, in the
 * expectation that hardware makes them.
 */
function writeSums(protocol: Packet['protocol'], bytes: Buffer, head: number): void {
  bytes.writeUInt16BE(0, 10);
  bytes.writeUInt16BE(complement(sum(bytes, 0, head)), 10);
  const at = head + (protocol === 'tcp' ? 16 : 6);
  bytes.writeUInt16BE(0, at);
  const pseudo = sum(bytes, 12, 20) + numbers[protocol] + (bytes.length - head);
  const found = complement(pseudo + sum(bytes, head, bytes.length));
  // In UDP zero says that there is none.
  bytes.writeUInt16BE(found || (protocol === 'udp' ? 0xffff : 0), at);
}

function sum(bytes: Buffer, from: number, to: number): number {
  let total = 0;
  let i = from;
  for (; i + 1 < to; i += 2) total += (bytes[i]! << 8) | bytes[i + 1]!;
  return i < to ? total + (bytes[i]! << 8) : total;
}

function complement(total: number): number {
  let folded = total;
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
}
