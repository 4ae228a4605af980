import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeFrame, FrameReader, type Received } from './frames.ts';

/** As a client sends it. */
function masked(frame: Buffer, mask: Uint8Array): Buffer {
  const short = frame[1]! & 0x7f;
  const dataAt = short < 126 ? 2 : short === 126 ? 4 : 10;
  const head = Buffer.from(frame.subarray(0, dataAt));
  head[1]! |= 0x80;
  const data = Buffer.from(frame.subarray(dataAt)).map((byte, i) => byte ^ mask[i & 3]!);
  return Buffer.concat([head, mask, data]);
}

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.constantFrom(65_535, 65_536).map((length) => new Uint8Array(length)),
);
const mask = fc.uint8Array({ minLength: 4, maxLength: 4 });

test('messages are found however the bytes come', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(bytes, mask), { maxLength: 4 }), fc.nat(100), (messages, cut) => {
      const all = Buffer.concat(messages.map(([data, key]) => masked(encodeFrame('binary', data), key)));
      const reader = new FrameReader();
      const got: Received[] = [];
      for (let at = 0; at < all.length; at += cut + 1)
        got.push(...reader.take(all.subarray(at, at + cut + 1)));
      // Comparing large buffers field by field takes seconds.
      const texts = got.map((each) => (each.is === 'binary' ? each.data.toString('latin1') : each.is));
      expect(texts).toEqual(messages.map(([data]) => Buffer.from(data).toString('latin1')));
    }),
    { numRuns: 10 },
  );
});

test('a message in several frames is one, with a ping between', () => {
  const key = Buffer.from([1, 2, 3, 4]);
  const first = masked(encodeFrame('text', Buffer.from('he')), key);
  first[0]! &= 0x7f;
  const rest = masked(encodeFrame('text', Buffer.from('llo')), key);
  rest[0] = 0x80;
  const got = new FrameReader().take(Buffer.concat([first, masked(encodeFrame('ping', key), key), rest]));
  expect(got).toEqual([
    { is: 'ping', data: key },
    { is: 'text', data: Buffer.from('hello') },
  ]);
});

test.each([
  ['not masked', Buffer.from([0x82, 0x00])],
  ['with an extension', Buffer.from([0xc2, 0x80])],
  ['of no message', Buffer.from([0x80, 0x80, 0, 0, 0, 0])],
  ['of an exabyte', Buffer.from([0x82, 0xff, 0x10, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])],
])('a frame %s breaks the protocol', (_what, frame) => {
  expect(() => new FrameReader().take(frame)).toThrow();
});

test('a message that never ends breaks the protocol before it fills the memory', () => {
  const reader = new FrameReader();
  const begin = masked(encodeFrame('binary', new Uint8Array(1_000_000)), Buffer.alloc(4));
  begin[0]! &= 0x7f;
  const more = Buffer.from(begin);
  more[0] = 0;
  reader.take(begin);
  expect(() => {
    for (let n = 0; n < 100; n++) reader.take(more);
  }).toThrow('too long');
});
