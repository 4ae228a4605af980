import { expect, test } from '@jest/globals';
import { ManualClock } from '../../../clock/manualClock.ts';
import { openCoalescing } from './coalesce.ts';
import type { Work } from './work.ts';

const work = (name: string): Work => ({ controller: 'c', cluster: 'default', namespace: 'ns', name });

test('D4: of a burst one message goes at once and one a second, and none is lost between', async () => {
  const clock = new ManualClock();
  const { orders } = openCoalescing(clock);
  const sent: number[] = [];
  for (let at = 0; at < 3_000; at += 100) {
    for (const { delayMs = 0 } of orders([work('web')])) sent.push(clock.now() + delayMs);
    // Something comes after every change.
    expect(sent.at(-1)).toBeGreaterThanOrEqual(clock.now());
    await clock.advance(100);
  }
  expect(sent.map((at) => at - sent[0]!)).toEqual([0, 1_100, 2_100, 3_100]);
});

test('D4: a change that is alone waits for nothing', async () => {
  const clock = new ManualClock();
  const { orders } = openCoalescing(clock);
  for (let i = 0; i < 3; i++) {
    expect(orders([work('web'), work('db')])).toEqual([{ work: work('web') }, { work: work('db') }]);
    await clock.advance(1_000);
  }
});

test('D4: a controller may have a longer window, after which a key is woken once more', async () => {
  const clock = new ManualClock();
  const { orders } = openCoalescing(clock, [{ name: 'c', windowMs: 5_000 }]);
  const sent: number[] = [];
  const began = clock.now();
  for (let at = 0; at < 12_000; at += 500) {
    for (const { delayMs = 0 } of orders([work('web')])) sent.push(clock.now() + delayMs - began);
    expect(sent.at(-1)).toBeGreaterThanOrEqual(clock.now() - began);
    await clock.advance(500);
  }
  expect(sent).toEqual([0, 5_500, 10_500, 15_500]);
});

test('D4: what could not be sent is sent with the next change', () => {
  const { orders, forget } = openCoalescing(new ManualClock());
  orders([work('web')]);
  forget([work('web')]);
  expect(orders([work('web')])).toEqual([{ work: work('web') }]);
});
