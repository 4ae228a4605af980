import { expect, test } from '@jest/globals';
import { formatTime } from './clock.ts';
import { boundedSeconds } from './seconds.ts';
import { systemClock } from './systemClock.ts';

test.each<[unknown, number]>([
  [30, 30],
  [-5, -5],
  [Number.MAX_SAFE_INTEGER, 9_223_372_036],
  [9_223_372_036_854_775_807n, 9_223_372_036],
  [-9_223_372_036_854_775_808n, -9_223_372_036],
])('B9: %s seconds are %s for arithmetic', (field, seconds) => {
  expect(boundedSeconds(field as number)).toBe(seconds);
});

test('B9: a time that far away can be written', () => {
  const seconds = boundedSeconds(9_223_372_036_854_775_807n as unknown as number);
  expect(formatTime(Date.UTC(2026, 0, 1) + seconds * 1000)).toBe('2318-04-12T23:47:16Z');
});

test.each([2 ** 31, 9_223_372_036_000, Number.POSITIVE_INFINITY])(
  'B9: the clock sleeps for %s ms, which no timer holds, and not for one',
  async (ms) => {
    const wake = new AbortController();
    let isAwake = false;
    const sleep = systemClock.sleep(ms, wake.signal).then(() => {
      isAwake = true;
    });
    await systemClock.sleep(20);
    expect(isAwake).toBe(false);
    wake.abort();
    await sleep;
  },
);
