import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { graceLeft } from './grace.ts';

const whole = (ms: number) => new Date(Math.floor(ms / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** A Pod as it stands after a DELETE at that moment. */
const deletedAt = (at: number, seconds: number) => ({
  metadata: { deletionTimestamp: whole(at + seconds * 1000), deletionGracePeriodSeconds: seconds },
});

const anyDelete = fc.tuple(fc.integer({ min: 0, max: 1e9 }), fc.integer({ min: 0, max: 300 }));

describe('the grace of a Pod being deleted', () => {
  test('it is never less than what is left of it, and at most two seconds more', () => {
    fc.assert(
      fc.property(anyDelete, fc.integer({ min: 0, max: 400_000 }), ([at, seconds], later) => {
        const left = graceLeft(deletedAt(at, seconds), at + later) * 1000;
        const due = Math.max(0, seconds * 1000 - later);
        expect(left).toBeGreaterThanOrEqual(due);
        expect(left).toBeLessThanOrEqual(Math.min(seconds * 1000, due + 2000));
      }),
    );
  });

  test('just after the turn of a second it still has all of it', () => {
    expect(graceLeft(deletedAt(950, 2), 1010)).toBe(2);
  });

  test('B9: more than a number holds is as long as a time can be', () => {
    const most = 2n ** 63n - 1n;
    const spec = { containers: [], terminationGracePeriodSeconds: most as unknown as number };
    const metadata = { deletionTimestamp: '2318-04-12T23:47:16Z' };
    expect(graceLeft({ metadata, spec }, Date.UTC(2026, 0, 1))).toBe(9_223_372_036);
  });

  test('none where none was given', () => {
    expect(graceLeft(deletedAt(950, 0), 950)).toBe(0);
  });
});
