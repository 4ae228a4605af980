import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { isTaken } from './isTaken.ts';

/** A stream that nobody reads yet, with so many bytes written to it. */
function written(bytes: number): PassThrough {
  const stream = new PassThrough({ highWaterMark: 1 });
  stream.write('a line\n');
  stream.write(Buffer.alloc(bytes));
  return stream;
}

test('a stream whose reader has stopped reading is not taken until the reader goes on', async () => {
  expect(isTaken(written(100))).toBe(true);
  const stream = written(1 << 20);
  expect(isTaken(stream)).toBe(false);
  const drained = once(stream, 'drain');
  stream.resume();
  await drained;
  expect(isTaken(stream)).toBe(true);
});

test('a stream whose reader has left for good holds nothing up, whatever was not read', async () => {
  const stream = written(1 << 20);
  const closed = once(stream, 'close');
  stream.destroy();
  await closed;
  expect(isTaken(stream)).toBe(true);
});
