import { once } from 'node:events';
import { beforeAll, expect, jest, test } from '@jest/globals';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { until } from '../../../test/support/until.ts';
import {
  installAwsLambda,
  LambdaStream,
  runStreaming,
  type StreamHandler,
} from '../../../tools/emulator/awslambda.ts';
import { DeliveryEnded, withinDelivery } from '../drivers/delivery.ts';
import { proxyAnswer } from './proxyAnswer.ts';
import { send, streamed } from './streamed.ts';

const bytes = (text: string) => new TextEncoder().encode(text);
const metadata = `{"statusCode":200,"headers":{"a":"b"}}${'\0'.repeat(8)}`;

beforeAll(installAwsLambda);

/** Has the body answered. `takes` is what the stream takes before it wants to be asked to go on. */
function answered(body: Uint8Array | AsyncIterable<Uint8Array>, takes = Number.POSITIVE_INFINITY) {
  let [text, writes] = ['', 0];
  const stream = new LambdaStream(
    (chunk) => {
      text += Buffer.from(chunk);
      writes += 1;
      return writes < takes;
    },
    () => {},
  );
  const stop = jest.fn();
  const answer = async () => proxyAnswer({ status: 200, headers: { a: 'b' }, body }, stop);
  const handler = streamed(answer) as unknown as StreamHandler;
  const event = {} as APIGatewayProxyEvent;
  return { stream, stop, text: () => text, ended: runStreaming(handler, event, stream, {}) };
}

test('bytes go out behind the metadata', async () => {
  const { ended, text, stop } = answered(bytes('{}'));
  expect(await ended).toBe('done');
  expect(text()).toBe(`${metadata}{}`);
  expect(stop).toHaveBeenCalled();
});

test('pieces go out as they come, empty ones do not end them, and what is quiet has its metadata at once', async () => {
  const more = new EventTarget();
  async function* pieces() {
    await once(more, 'more');
    for (const piece of ['', 'a', '', 'b']) yield bytes(piece);
  }
  const { ended, text } = answered(pieces());
  await until('the metadata', () => text() === metadata);
  more.dispatchEvent(new Event('more'));
  expect(await ended).toBe('done');
  expect(text()).toBe(`${metadata}ab`);
});

test('nobody writes on while there is no room', async () => {
  let made = 0;
  async function* pieces() {
    for (; made < 100; made++) yield bytes('x'.repeat(20_000));
  }
  const { stream, ended } = answered(pieces(), 3);
  await until('no more room', () => stream.writableNeedDrain);
  expect(made).toBeLessThan(5);
  const going = setInterval(() => stream.drained());
  expect(await ended).toBe('done');
  clearInterval(going);
  expect(made).toBe(100);
});

test('what fails half-way leaves the stream to the runtime', async () => {
  async function* pieces() {
    yield bytes('a');
    throw new Error('broken');
  }
  const { ended, text, stop } = answered(pieces());
  expect(await ended).toBe('failed');
  expect(text()).toBe(`${metadata}a`);
  expect(stop).toHaveBeenCalled();
});

test.each(['quiet', 'busy'])('work that is %s stops when nobody reads it any more', async (how) => {
  const left = new AbortController();
  async function* pieces() {
    while (how === 'busy') yield bytes('x'.repeat(20_000));
    await once(left.signal, 'abort');
  }
  const { stream, stop, ended } = answered(pieces(), 3);
  stop.mockImplementation(() => left.abort());
  await until('it to wait', () => how === 'quiet' || stream.writableNeedDrain);
  stream.destroy();
  expect(await ended).toBe('done');
  expect(stop).toHaveBeenCalled();
});

test('what the gateway has cut for its silence ends', async () => {
  const stopped = new AbortController();
  async function* pieces() {
    yield bytes('a');
    await once(stopped.signal, 'abort');
  }
  const stream = new LambdaStream(
    () => true,
    () => {},
  );
  await send(pieces(), stream, () => stopped.abort(), { quietMs: 5 });
  expect(stream.writableFinished).toBe(true);
});

test('D12: what a request left unfinished sends nothing once its answer is out', async () => {
  let sent = 0;
  let send = async (_request: object): Promise<unknown> => sent++;
  withinDelivery({
    middlewareStack: {
      add(middleware) {
        send = middleware(send);
      },
    },
  });
  const thaw = Promise.withResolvers<void>();
  let late: Promise<unknown> | undefined;
  const answer = async () => {
    await send({});
    late = thaw.promise.then(() => send({})).catch((error: unknown) => error);
    return proxyAnswer({ status: 200, headers: {}, body: bytes('{}') }, () => {});
  };
  const stream = new LambdaStream(
    () => true,
    () => {},
  );
  const handler = streamed(answer) as unknown as StreamHandler;
  await runStreaming(handler, {} as APIGatewayProxyEvent, stream, {});
  thaw.resolve();
  expect(await late).toBeInstanceOf(DeliveryEnded);
  expect(sent).toBe(1);
});
