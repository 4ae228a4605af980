import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteQueue } from './byteQueue.ts';

test('what is added comes out in order, however it is added and taken', () => {
  const steps = fc.array(
    fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.nat(300), fc.constant(new Uint8Array(70_000))),
    { maxLength: 40 },
  );
  fc.assert(
    fc.property(steps, (all) => {
      const queue = new ByteQueue();
      let model = Buffer.alloc(0);
      for (const step of all) {
        if (typeof step === 'number') {
          const count = Math.min(step, model.length);
          queue.drop(count);
          model = model.subarray(count);
        } else {
          queue.add(step);
          model = Buffer.concat([model, step]);
        }
        expect(queue.waiting.equals(model)).toBe(true);
      }
    }),
  );
});

test('a megabyte that comes byte by byte is moved a few times only', () => {
  const queue = new ByteQueue();
  const rooms = new Set<ArrayBufferLike>();
  for (let n = 0; n < 2 ** 20; n++) {
    queue.add(Uint8Array.of(n));
    rooms.add(queue.waiting.buffer);
  }
  expect(queue.waiting.length).toBe(2 ** 20);
  expect(rooms.size).toBeLessThanOrEqual(25);
});
