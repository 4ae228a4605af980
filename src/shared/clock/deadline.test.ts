import { expect, test } from '@jest/globals';
import { deadline } from './deadline.ts';
import { ManualClock } from './manualClock.ts';

test('a deadline aborts at its time', async () => {
  const clock = new ManualClock();
  const { signal } = deadline(clock, 1000);
  await clock.advance(999);
  expect(signal.aborted).toBe(false);
  await clock.advance(1);
  expect(signal.aborted).toBe(true);
});

test('what is done in time is never aborted, and nobody waits on', async () => {
  const clock = new ManualClock();
  const { signal, done } = deadline(clock, 1000);
  done();
  expect(clock.sleeping).toBe(0);
  await clock.advance(2000);
  expect(signal.aborted).toBe(false);
});
