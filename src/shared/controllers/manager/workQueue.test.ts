import { expect, test } from '@jest/globals';
import { ManualClock } from '../../clock/manualClock.ts';
import { type Outcome, WorkQueue } from './workQueue.ts';

const settle = () => new Promise<void>((resolve) => setImmediate(resolve));

function queueWith(run: (key: string) => Promise<Outcome>, concurrency = 4) {
  const clock = new ManualClock();
  const queue = new WorkQueue(clock, concurrency, run);
  queue.open();
  return { clock, queue };
}

test('a key added while it runs runs once more, never at the same time', async () => {
  const gates: (() => void)[] = [];
  const { queue } = queueWith(() => new Promise((resolve) => gates.push(() => resolve('done'))));
  queue.add('a');
  queue.add('a');
  queue.add('a');
  await settle();
  expect(gates).toHaveLength(1);
  gates[0]!();
  await settle();
  expect(gates).toHaveLength(2);
  gates[1]!();
  await settle();
  expect([gates.length, queue.depth]).toEqual([2, 0]);
});

test('no more keys run together than allowed', async () => {
  let now = 0;
  let most = 0;
  const { queue } = queueWith(async () => {
    most = Math.max(most, ++now);
    await settle();
    now--;
    return 'done';
  }, 3);
  for (let i = 0; i < 20; i++) queue.add(`k${i}`);
  while (queue.depth > 0) await settle();
  expect(most).toBe(3);
});

test('failures come back after 5, 10, 20 ms; a success starts over', async () => {
  const at: number[] = [];
  let failures = 3;
  const { clock, queue } = queueWith(async () => {
    at.push(clock.now());
    return failures-- > 0 ? { error: new Error('no') } : 'done';
  });
  const start = clock.now();
  queue.add('a');
  await settle();
  for (let i = 0; i < 40; i++) await clock.advance(1);
  expect(at.map((t) => t - start)).toEqual([0, 5, 15, 35]);
});

test('requeueAfterMs brings a key back without a change, and sleeps only once for all', async () => {
  const ran: string[] = [];
  const { clock, queue } = queueWith(async (key) => {
    ran.push(key);
    return { requeueAfterMs: key === 'slow' ? 1000 : 300 };
  });
  queue.add('slow');
  queue.add('fast');
  await settle();
  expect(clock.sleeping).toBe(1);
  await clock.advance(1000);
  expect(ran).toEqual(['slow', 'fast', 'fast', 'fast', 'fast', 'slow']);
  await queue.stop();
});
