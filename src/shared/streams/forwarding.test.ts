import { Duplex, duplexPair } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { forwarding } from './forwarding.ts';
import { SpdyFrameReader } from './spdy/frames.ts';
import { SpdyStream } from './spdy/session.ts';

/** A port-forward whose connections end at the test. */
function forwarded(connect?: () => Promise<Duplex>) {
  const sent: Buffer[] = [];
  const carrier = { send: async (bytes: Uint8Array) => void sent.push(Buffer.from(bytes)), close: () => {} };
  const pods: Duplex[] = [];
  const dialled: number[] = [];
  const opened = forwarding(async (port) => {
    dialled.push(port);
    if (connect) return connect();
    const [here, there] = duplexPair();
    pods.push(there);
    return here;
  }, 'pod p, uid u');
  let id = -1;
  const open = (streamtype: string, requestid: string, port = '80') => {
    id += 2;
    const stream = new SpdyStream(id, { streamtype, requestid, port }, carrier);
    opened(stream);
    return stream;
  };
  /** Returns what went out on a stream: its text, and how it ended. */
  const answer = ({ id }: SpdyStream) => {
    const frames = new SpdyFrameReader()
      .take(Buffer.concat(sent))
      .filter((frame) => 'id' in frame && frame.id === id);
    const data = frames.flatMap((frame) => (frame.is === 'data' ? [frame] : []));
    return {
      text: Buffer.concat(data.map((frame) => frame.data)).toString(),
      fin: data.some(({ fin }) => fin),
      reset: frames.some(({ is }) => is === 'reset'),
    };
  };
  return { open, answer, pods, dialled };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

test.each([
  ['error', 'data'],
  ['data', 'error'],
])('two streams of one request, %s first, are a connection', async (first, second) => {
  const { open, answer, pods, dialled } = forwarded();
  const streams = { [first]: open(first, '0'), [second]: open(second, '0') } as Record<string, SpdyStream>;
  await turn();
  expect(dialled).toEqual([80]);
  await streams.data!.receive(Buffer.from('question'));
  await streams.data!.receive(null);
  expect(await text(pods[0]!)).toBe('question');
  pods[0]!.end('answer');
  await turn();
  expect(answer(streams.data!)).toEqual({ text: 'answer', fin: true, reset: false });
  expect(answer(streams.error!)).toEqual({ text: '', fin: true, reset: false });
});

/** A Pod that has ended its half and takes what comes one by one. */
class SlowPod extends Duplex {
  taken = 0;
  override _read(): void {
    this.push(null);
  }
  override _write(bytes: Buffer, _encoding: string, done: () => void): void {
    setImmediate(() => {
      if (!this.destroyed) this.taken += bytes.length;
      done();
    });
  }
}

test('what a client sends after the Pod has ended its half arrives whole', async () => {
  const pod = new SlowPod();
  const { open } = forwarded(async () => pod);
  const [data] = [open('data', '0'), open('error', '0')];
  await turn();
  const over = new Promise((resolve) => pod.once('close', resolve));
  for (let n = 0; n < 9; n++) await data!.receive(Buffer.alloc(1000));
  await data!.receive(null);
  await over;
  expect(pod.taken).toBe(9000);
});

test('a connection that cannot be is told on the stream of errors', async () => {
  const { open, answer } = forwarded(() => Promise.reject(new Error('nobody listens')));
  const [data, errors] = [open('data', '0'), open('error', '0')];
  await turn();
  expect(answer(errors)).toMatchObject({
    text: 'error forwarding port 80 to pod p, uid u: nobody listens',
    fin: true,
  });
  expect(answer(data).reset).toBe(true);
});

test('a client that gives a connection up has it closed', async () => {
  const { open, pods } = forwarded();
  const [data] = [open('data', '0'), open('error', '0')];
  await turn();
  pods[0]!.resume();
  const ended = new Promise((resolve) => pods[0]!.once('end', resolve));
  data!.reset();
  await Promise.race([ended, new Promise((resolve) => pods[0]!.once('close', resolve))]);
});

test.each([
  ['of another type', 'other', '0', '80'],
  ['to no port', 'data', '0', '0'],
  ['to a port that is a word', 'data', '0', 'http'],
])('a stream %s is refused', async (_what, type, request, port) => {
  const { open, answer, dialled } = forwarded();
  const stream = open(type, request, port);
  await turn();
  expect([answer(stream).reset, dialled]).toEqual([true, []]);
});

test('two streams of one type are no connection', async () => {
  const { open, answer, dialled } = forwarded();
  const [one, other] = [open('data', '0'), open('data', '0')];
  await turn();
  expect([answer(one).reset, answer(other).reset, dialled]).toEqual([true, true, []]);
});
