import { buffer } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { encodeMuxFrame, MuxFrameReader, muxCommands } from './frames.ts';
import { Mux } from './mux.ts';

function setUp() {
  const sent: string[] = [];
  const reader = new MuxFrameReader();
  const mux = new Mux({
    send: async (bytes) => {
      for (const { command, id, data } of reader.take(bytes)) sent.push(`${id} ${command} ${data}`);
    },
  });
  return { mux, sent };
}

test('a frame has its fields where smux has them', () => {
  const bytes = encodeMuxFrame(muxCommands.data, 259, Buffer.from('hi'));
  expect(bytes.toString('hex')).toBe('0102020003010000' + '6869');
  expect(() => new MuxFrameReader().take(Buffer.alloc(8, 2))).toThrow('unsupported version');
});

test('what the agent sends comes out of its connection, however it is cut', async () => {
  const piece = fc.record({ of: fc.nat(1), bytes: fc.uint8Array({ minLength: 1 }) });
  await fc.assert(
    fc.asyncProperty(fc.array(piece), fc.array(fc.nat(20)), async (pieces, cuts) => {
      const { mux } = setUp();
      const connections = [mux.connect(), mux.connect()];
      const heard = connections.map((each) => buffer(each));
      const frames = pieces.map(({ of, bytes }) => encodeMuxFrame(muxCommands.data, 1 + 2 * of, bytes));
      const ends = [1, 3].map((id) => encodeMuxFrame(muxCommands.end, id));
      const all = Buffer.concat([...frames, encodeMuxFrame(muxCommands.nothing, 0), ...ends]);
      let at = 0;
      for (const cut of [...cuts, all.length]) {
        mux.receive(all.subarray(at, at + cut));
        at += cut;
      }
      const expected = [0, 1].map((of) =>
        Buffer.concat(pieces.filter((p) => p.of === of).map((p) => p.bytes)),
      );
      expect(await Promise.all(heard)).toEqual(expected);
    }),
    { numRuns: 50 },
  );
});

test('a connection is opened, written to and ended once', async () => {
  const { mux, sent } = setUp();
  const connection = mux.connect();
  await new Promise<void>((resolve) => connection.end('hello', resolve));
  connection.destroy();
  expect(sent).toEqual(['1 0 ', '1 2 hello', '1 1 ']);
});

test('only a connection without an answer is refused', async () => {
  const { mux } = setUp();
  const failed = (of: ReturnType<Mux['connect']>) =>
    new Promise((resolve) =>
      of
        .once('error', resolve)
        .once('end', () => resolve('ended'))
        .resume(),
    );
  const [answered, refused] = [mux.connect(), mux.connect()];
  const outcomes = [failed(answered), failed(refused)];
  mux.receive(encodeMuxFrame(muxCommands.data, 1, Buffer.from('x')));
  mux.refused();
  mux.receive(encodeMuxFrame(muxCommands.end, 1));
  mux.receive(encodeMuxFrame(muxCommands.end, 3));
  expect(await Promise.all(outcomes)).toEqual(['ended', expect.objectContaining({ code: 'ECONNREFUSED' })]);
});

test('with the session all connections are gone', async () => {
  const { mux } = setUp();
  const connection = mux.connect();
  const error = new Promise((resolve) => connection.once('error', resolve));
  mux.end('the session was cut off');
  expect(await error).toEqual(new Error('the session was cut off'));
});
