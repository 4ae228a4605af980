import { expect, test } from '@jest/globals';
import { timeoutOf } from './scene.ts';

test.each([undefined, 0, 2 ** 31 / 1000, 10_000 * 3600, 2 ** 40])(
  '%p seconds are not over at once',
  async (seconds) => {
    const timeout = timeoutOf(seconds);
    // A timer that overflows fires after a millisecond.
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(timeout.aborted).toBe(false);
  },
);
