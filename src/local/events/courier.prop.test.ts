import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { seededIds } from '../../shared/clock/seededIds.ts';
import type { WaitingEvent } from '../../shared/ports/outbox.ts';
import { Courier } from './courier.ts';
import type { Verdict } from './verdict.ts';

const giveUpMs = 86_400_000;
const event = (number: number, object: string, since: number): WaitingEvent => ({
  ...{ number, object, since, to: 'rule/target', id: `${number}`, source: 's', bytes: 1 },
});

/** Runs a courier by a clock that a test steps, and notes what it did. */
function running(judge: (event: WaitingEvent, attempt: number) => Verdict, latency = () => 1) {
  const clock = new ManualClock();
  const seen = {
    told: [] as WaitingEvent[],
    died: [] as WaitingEvent[],
    attempts: [] as number[],
    most: 0,
    wrong: [] as string[],
  };
  const underWay = new Map<string, number>();
  const courier = new Courier({
    ...{ clock, ids: seededIds(1), giveUpMs },
    tell: async (each) => {
      if (underWay.has(each.object)) seen.wrong.push(`${each.object} twice at once`);
      underWay.set(each.object, each.number);
      seen.most = Math.max(seen.most, underWay.size);
      seen.attempts.push(clock.now());
      await clock.sleep(latency());
      underWay.delete(each.object);
      return judge(each, seen.attempts.length);
    },
    told: async (each) => {
      await clock.sleep(latency());
      seen.told.push(each);
    },
    died: async (each) => void seen.died.push(each),
  });
  return { clock, courier, seen, ended: () => seen.told.length + seen.died.length };
}

const inOrder = (events: WaitingEvent[]) => {
  const last = new Map<string, number>();
  return events.every(({ object, number }) => {
    const isLater = number > (last.get(object) ?? -1);
    last.set(object, number);
    return isLater;
  });
};

describe('a courier', () => {
  test('tells each event once and those of an object in order, whatever fails and however long it takes', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ object: fc.nat(8), afterMs: fc.nat(400) }), { maxLength: 80 }),
        fc.integer(),
        async (arrivals, seed) => {
          const { random } = seededIds(seed);
          const { clock, courier, seen, ended } = running(
            () => {
              const chance = random();
              if (chance < 0.3) return { is: 'again', why: 'no', ...(chance < 0.05 && { afterMs: 2_000 }) };
              return chance < 0.35 ? { is: 'in vain', why: 'never' } : { is: 'told' };
            },
            () => Math.floor(random() * 50),
          );
          for (const [number, { object, afterMs }] of arrivals.entries()) {
            courier.add(event(number, `o${object}`, clock.now()));
            await clock.advance(afterMs);
          }
          for (let step = 0; step < 500 && ended() < arrivals.length; step++) await clock.advance(10_000);
          expect(seen.wrong).toEqual([]);
          expect(seen.most).toBeLessThanOrEqual(16);
          const all = [...seen.told, ...seen.died].map(({ number }) => number).sort((a, b) => a - b);
          expect(all).toEqual(arrivals.map((_, i) => i));
          expect(inOrder(seen.told)).toBe(true);
        },
      ),
      { numRuns: 60 },
    ));

  test('goes on with other objects while one fails', async () => {
    const { clock, courier, seen } = running(({ object }) =>
      object === 'bad' ? { is: 'again', why: 'no' } : { is: 'told' },
    );
    courier.add(event(1, 'bad', clock.now()));
    courier.add(event(2, 'bad', clock.now()));
    for (let i = 3; i < 9; i++) courier.add(event(i, `good-${i}`, clock.now()));
    await clock.advance(0);
    await clock.advance(1_000);
    expect(seen.told.map(({ number }) => number)).toEqual([3, 4, 5, 6, 7, 8]);
  });

  test('that nobody answers for a day tries ever more rarely, and then makes dead letters, in order', async () => {
    const { clock, courier, seen } = running(() => ({ is: 'again', why: 'away' }));
    const began = clock.now();
    for (let i = 0; i < 40; i++) courier.add(event(i, `o${i % 20}`, began));
    await clock.advance(giveUpMs - 1);
    expect(seen.died).toEqual([]);
    // At most one attempt in half a minute on an average.
    expect(seen.attempts.length).toBeLessThan(giveUpMs / 30_000);
    const gaps = seen.attempts.slice(1).map((at, i) => at - seen.attempts[i]!);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(61_000);
    await clock.advance(3_600_000);
    expect(seen.died).toHaveLength(40);
    expect(inOrder(seen.died)).toBe(true);
  });

  test('is soon itself again once somebody answers', async () => {
    let isAway = true;
    const { clock, courier, seen } = running(() => (isAway ? { is: 'again', why: 'away' } : { is: 'told' }));
    for (let i = 0; i < 2_000; i++) courier.add(event(i, `o${i}`, clock.now()));
    await clock.advance(3_600_000);
    expect(seen.told).toEqual([]);
    isAway = false;
    await clock.advance(300_000);
    expect(seen.told).toHaveLength(2_000);
  });

  test('rests as long as it is asked to', async () => {
    const { clock, courier, seen } = running((_, attempt) =>
      attempt === 1 ? { is: 'again', why: '429', afterMs: 100_000 } : { is: 'told' },
    );
    const began = clock.now();
    courier.add(event(1, 'a', began));
    await clock.advance(0);
    await clock.advance(10);
    courier.add(event(2, 'b', began));
    await clock.advance(200_000);
    expect(seen.attempts.map((at) => at - began)).toEqual([0, expect.any(Number), expect.any(Number)]);
    expect(Math.min(...seen.attempts.slice(1)) - began).toBeGreaterThanOrEqual(100_000);
    expect(seen.told).toHaveLength(2);
  });

  test('gives up what is not under way, and no more', async () => {
    const { clock, courier, seen } = running(
      () => ({ is: 'told' }),
      () => 10,
    );
    const [a, b, c] = [event(1, 'o', 0), event(2, 'o', 0), event(3, 'p', 0)];
    for (const each of [a, b, c]) courier.add(each);
    await clock.advance(1);
    expect([courier.take(a), courier.take(b), courier.take(b)]).toEqual([false, true, false]);
    await clock.advance(100);
    expect(seen.told).toEqual([a, c]);
  });

  test('stops once nothing is under way', async () => {
    const { clock, courier, seen } = running(
      () => ({ is: 'told' }),
      () => 10,
    );
    courier.add(event(1, 'a', 0));
    courier.add(event(2, 'a', 0));
    await clock.advance(1);
    const stopped = courier.stop();
    await clock.advance(100);
    await stopped;
    expect(seen.told.map(({ number }) => number)).toEqual([1]);
  });
});
