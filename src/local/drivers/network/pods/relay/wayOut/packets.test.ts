import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  datagram,
  isFirst,
  isReset,
  limitWindow,
  packetIn,
  payloadOf,
  readdress,
  refusalOf,
} from './packets.ts';

const pod = { address: '10.128.26.152', port: 40_000 };
const far = { address: '198.51.100.7', port: 443 };
const listener = { address: '10.128.0.2', port: 3000 };
const peer = { address: '10.128.0.3', port: 1025 };

/** A packet of TCP with these flags and options, from the Pod, without any sums. */
function tcp(flags: number, options: number[] = [], data = ''): Buffer {
  const bytes = Buffer.concat([Buffer.alloc(40), Buffer.from(options), Buffer.from(data)]);
  datagram(pod, far, Buffer.alloc(0)).copy(bytes, 0, 0, 24);
  bytes.writeUInt16BE(bytes.length, 2);
  bytes[9] = 6;
  bytes.writeUInt32BE(1000, 24);
  bytes.writeUInt32BE(77, 28);
  bytes[32] = ((20 + options.length) / 4) << 4;
  bytes[33] = flags;
  return bytes;
}
const [syn, ack, rst] = [2, 16, 4];

/** Sums of a header, or of a packet with its pseudo header, come out as 0xffff when they are right. */
function folded(...parts: Buffer[]): number {
  const bytes = Buffer.concat(
    parts.map((each) => (each.length % 2 ? Buffer.concat([each, Buffer.alloc(1)]) : each)),
  );
  let total = 0;
  for (let i = 0; i < bytes.length; i += 2) total += bytes.readUInt16BE(i);
  while (total > 0xffff) total = (total & 0xffff) + (total >>> 16);
  return total;
}
const pseudo = (bytes: Buffer) =>
  Buffer.from([...bytes.subarray(12, 20), 0, bytes[9]!, (bytes.length - 20) >> 8, (bytes.length - 20) & 255]);
const sums = (bytes: Buffer) => [folded(bytes.subarray(0, 20)), folded(pseudo(bytes), bytes.subarray(20))];

describe('sums', () => {
  test('are right for datagrams of any content', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 1472 }), (payload) => {
        expect(sums(datagram(far, pod, Buffer.from(payload)))).toEqual([0xffff, 0xffff]);
      }),
    );
  });

  test('are right for packets of TCP that had none', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 1400 }), (data) => {
        const packet = packetIn(tcp(ack, [], data))!;
        readdress(packet, peer, listener);
        expect(sums(packet.bytes)).toEqual([0xffff, 0xffff]);
        expect(packetIn(packet.bytes)).toMatchObject({ source: peer, destination: listener });
      }),
    );
  });
});

test('a datagram comes back as it was', () => {
  const packet = packetIn(datagram(far, pod, Buffer.from('hello')))!;
  expect(packet).toMatchObject({ protocol: 'udp', source: far, destination: pod });
  expect(payloadOf(packet).toString()).toBe('hello');
});

/** A datagram with some bytes changed. */
function damaged(at: number, ...bytes: number[]): Buffer {
  const packet = datagram(far, pod, Buffer.alloc(9));
  packet.set(bytes, at);
  return packet;
}

test.each([
  ['nothing', Buffer.alloc(0)],
  ['IPv6', damaged(0, 0x60)],
  ['a fragment', damaged(6, 0x20, 0)],
  ['a length beyond its end', damaged(2, 0, 99)],
  ['ICMP', damaged(9, 1)],
])('%s is no packet', (_, bytes) => {
  expect(packetIn(bytes)).toBeUndefined();
});

test('anything at all is read or is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      const packet = packetIn(Buffer.from(bytes));
      if (packet?.protocol === 'tcp') limitWindow(packet);
    }),
  );
});

test('a first packet is refused at its number, another one at what it expects', () => {
  const first = packetIn(tcp(syn))!;
  expect([isFirst(first), isReset(first)]).toEqual([true, false]);
  const refused = refusalOf(first);
  expect(packetIn(refused)).toMatchObject({ source: far, destination: pod });
  expect([refused[33], refused.readUInt32BE(28)]).toEqual([rst | ack, 1001]);
  expect(sums(refused)).toEqual([0xffff, 0xffff]);
  const later = refusalOf(packetIn(tcp(ack, [], 'data'))!);
  expect([later[33], later.readUInt32BE(24)]).toEqual([rst, 77]);
});

test('of the options of a first packet the scale of windows alone goes', () => {
  const options = [2, 4, 5, 180, 1, 3, 3, 7];
  const packet = packetIn(tcp(syn, options))!;
  limitWindow(packet);
  expect([...packet.bytes.subarray(40, 48)]).toEqual([2, 4, 5, 180, 1, 1, 1, 1]);
});
