import { text } from 'node:stream/consumers';
import { constants, createDeflate } from 'node:zlib';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { headerDictionary } from './dictionary.ts';
import { dataFrame, pingFrame, resetFrame, SpdyFrameReader } from './frames.ts';
import { headerReader } from './headers.ts';
import { type SpdyStream, speakSpdy } from './session.ts';

/** A client's end: its headers are compressed as one stream, as Go's are. */
function client() {
  const deflate = createDeflate({ dictionary: headerDictionary(), level: 9 });
  const parts: Buffer[] = [];
  deflate.on('data', (part: Buffer) => void parts.push(part));
  const compressed = async (headers: Record<string, string>): Promise<Buffer> => {
    deflate.write(block(headers));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, () => resolve()));
    return Buffer.concat(parts.splice(0));
  };
  return {
    async open(id: number, headers: Record<string, string>, fin = false): Promise<Buffer> {
      const body = await compressed(headers);
      const head = Buffer.alloc(18);
      head.writeUInt32BE(0x80030001, 0);
      head[4] = fin ? 1 : 0;
      head.writeUIntBE(body.length + 10, 5, 3);
      head.writeUInt32BE(id, 8);
      return Buffer.concat([head, body]);
    },
  };
}

function block(headers: Record<string, string>): Buffer {
  const words = Object.entries(headers)
    .flat()
    .map((word) => Buffer.from(word));
  const number = (n: number) => Buffer.from([0, 0, n >> 8, n & 255]);
  return Buffer.concat([number(words.length / 2), ...words.flatMap((word) => [number(word.length), word])]);
}

/** A session whose sent bytes and opened streams are kept. */
function server() {
  const sent: Buffer[] = [];
  const streams: SpdyStream[] = [];
  let closed = false;
  const carrier = {
    send: async (bytes: Uint8Array) => void sent.push(Buffer.from(bytes)),
    close: () => {
      closed = true;
    },
  };
  const session = speakSpdy(carrier, (stream) => void streams.push(stream));
  return {
    session,
    streams,
    frames: () => new SpdyFrameReader().take(Buffer.concat(sent)),
    closed: () => closed,
  };
}

const name = fc.constantFrom('streamtype', 'port', 'requestid', 'x');
const headers = fc.dictionary(name, fc.string({ maxLength: 50 }), { maxKeys: 4 });

test('streams open with their headers and get their bytes, however these come', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(headers, fc.array(fc.uint8Array({ maxLength: 200 }))), {
        minLength: 1,
        maxLength: 4,
      }),
      fc.nat(60),
      async (wanted, cut) => {
        const { open } = client();
        const frames: Buffer[] = [];
        for (const [n, [each, parts]] of wanted.entries()) {
          frames.push(await open(2 * n + 1, each));
          frames.push(...parts.map((part) => dataFrame(2 * n + 1, part, false)));
          frames.push(dataFrame(2 * n + 1, new Uint8Array(), true));
        }
        const all = Buffer.concat(frames);
        const { session, streams } = server();
        for (let at = 0; at < all.length; at += cut + 1)
          await session.receive(all.subarray(at, at + cut + 1));
        expect(streams.map((stream) => ({ ...stream.headers }))).toEqual(
          wanted.map(([each]) => ({ ...each })),
        );
        for (const [n, stream] of streams.entries())
          expect(Buffer.concat(await stream.toArray()).equals(Buffer.concat(wanted[n]![1]))).toBe(true);
      },
    ),
    { numRuns: 30 },
  );
});

test('every reply is readable as one compressed stream of no headers', async () => {
  const { open } = client();
  const { session, frames } = server();
  for (const id of [1, 3, 5]) await session.receive(await open(id, { port: '1' }));
  const read = headerReader();
  const replies = frames().filter((frame) => frame.is === 'headers');
  expect(replies).toHaveLength(3);
  for (const { block } of replies) expect(await read(block)).toEqual({});
});

test('what is written goes out in order and ends with fin', async () => {
  const { open } = client();
  const { session, streams, frames } = server();
  await session.receive(await open(1, {}));
  streams[0]!.write('a');
  streams[0]!.end(Buffer.alloc(200_000, 'b'));
  await new Promise((resolve) => streams[0]!.once('finish', resolve));
  const data = frames().flatMap((frame) => (frame.is === 'data' ? [frame] : []));
  expect(Buffer.concat(data.map((frame) => frame.data)).toString()).toBe(`a${'b'.repeat(200_000)}`);
  expect(data.map(({ fin }) => fin)).toEqual([...Array(data.length - 1).fill(false), true]);
});

test('a ping is answered, going away closes', async () => {
  const { session, frames, closed } = server();
  await session.receive(pingFrame(7));
  await session.receive(pingFrame(8));
  expect(frames()).toEqual([{ is: 'ping', id: 7 }]);
  await session.receive(Buffer.from('80030007000000080000000000000000', 'hex'));
  expect(closed()).toBe(true);
});

test('a reset ends a stream for its reader; giving one up tells the client', async () => {
  const { open } = client();
  const { session, streams, frames } = server();
  await session.receive(await open(1, {}));
  await session.receive(await open(3, {}));
  const closed = new Promise((resolve) => streams[0]!.once('close', resolve));
  await session.receive(resetFrame(1, 'cancelled'));
  await closed;
  streams[1]!.destroy();
  await new Promise((resolve) => streams[1]!.once('close', resolve));
  expect(frames().filter(({ is }) => is === 'reset')).toEqual([{ is: 'reset', id: 3 }]);
  // What comes late for either goes nowhere.
  await session.receive(
    Buffer.concat([dataFrame(1, Buffer.from('x'), true), dataFrame(3, Buffer.from('x'), true)]),
  );
});

test('a stream that nobody reads holds the connection back, until it is read', async () => {
  const { open } = client();
  const { session, streams } = server();
  await session.receive(await open(1, {}));
  let taken = 0;
  const sending = (async () => {
    for (; taken < 40; taken++) await session.receive(dataFrame(1, Buffer.alloc(64 * 1024), taken === 39));
  })();
  await new Promise((resolve) => setImmediate(resolve));
  expect(taken).toBeLessThan(10);
  expect((await text(streams[0]!)).length).toBe(40 * 64 * 1024);
  await sending;
});

test('the end of the connection lets go of what waits', async () => {
  const { open } = client();
  const { session, streams } = server();
  await session.receive(await open(1, {}));
  const sending = session.receive(dataFrame(1, Buffer.alloc(600_000), false));
  session.end();
  await sending;
  expect(streams[0]!.destroyed).toBe(true);
});

test.each([
  ['of another version', Buffer.from('8002000100000000', 'hex')],
  ['that is too long', Buffer.from('0000000100ffffff', 'hex')],
  ['whose headers are none', Buffer.from('800300010000000e000000010000000000000000ffffffff', 'hex')],
])('a frame %s breaks the protocol', async (_what, bytes) => {
  await expect(server().session.receive(bytes)).rejects.toThrow();
});
