import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deal } from './hand.ts';
import { type Arrival, QueueSet } from './queueSet.ts';
import type { Ticket } from './ticket.ts';

const queuing = { queues: 16, handSize: 4, queueLengthLimit: 50 };

/** A level whose requests are served when they are told to be over. */
function level(limit: number, config: typeof queuing | undefined) {
  const set = new QueueSet();
  set.configure(config, limit, 0);
  const state = {
    now: 0,
    served: [] as Ticket[],
    waiting: new Set<Ticket>(),
    done: new Map<string, number>(),
  };
  const arrive = (flow: string, seats = 1, isOneOfMany = true): Arrival => {
    const ticket: Ticket = {
      ...{ schema: 's', flow, isOneOfMany, seats, startedAt: 0, arrivedAt: 0 },
      go: () => {
        state.waiting.delete(ticket);
        state.served.push(ticket);
      },
    };
    state.waiting.add(ticket);
    const arrival = set.arrive(ticket, state.now);
    if (arrival === 'queue-full' || arrival === 'concurrency-limit') state.waiting.delete(ticket);
    return arrival;
  };
  const finish = (index: number) => {
    const [ticket] = state.served.splice(index % state.served.length, 1);
    if (!ticket) return;
    state.done.set(ticket.flow, (state.done.get(ticket.flow) ?? 0) + 1);
    set.finish(ticket, state.now);
  };
  return { set, state, arrive, finish };
}

type Step =
  | { is: 'arrive'; flow: number; seats: number }
  | { is: 'finish' | 'leave'; which: number }
  | { is: 'limit'; limit: number }
  | { is: 'wait'; seconds: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      is: fc.constant('arrive' as const),
      flow: fc.nat(5),
      seats: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 4, arbitrary: fc.record({ is: fc.constant('finish' as const), which: fc.nat(99) }) },
  { weight: 1, arbitrary: fc.record({ is: fc.constant('leave' as const), which: fc.nat(99) }) },
  {
    weight: 1,
    arbitrary: fc.record({ is: fc.constant('limit' as const), limit: fc.integer({ min: 1, max: 12 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      is: fc.constant('wait' as const),
      seconds: fc.double({ min: 0, max: 2, noNaN: true }),
    }),
  },
);

test('never more seats than the limit, and everybody who waits is served in the end', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const { set, state, arrive, finish } = level(5, queuing);
      let highest = 5;
      for (const each of steps) {
        const before = state.served.length;
        if (each.is === 'arrive') arrive(`f${each.flow}`, each.seats);
        else if (each.is === 'finish' && state.served.length) finish(each.which);
        else if (each.is === 'wait') state.now += each.seconds;
        else if (each.is === 'leave' && state.waiting.size) {
          const ticket = [...state.waiting][each.which % state.waiting.size]!;
          expect(set.leave(ticket, state.now)).toBe(true);
          state.waiting.delete(ticket);
        } else if (each.is === 'limit') {
          set.configure(queuing, each.limit, state.now);
          highest = each.limit;
        }
        const inUse = state.served.reduce((sum, { seats }) => sum + seats, 0);
        expect(set).toMatchObject({
          seatsInUse: inUse,
          waiting: state.waiting.size,
          executing: state.served.length,
        });
        // What is larger than the level goes alone; nobody is let in above the limit.
        if (state.served.length > before && state.served.length > 1)
          expect(inUse).toBeLessThanOrEqual(highest);
      }
      while (state.served.length) finish(0);
      expect(state.waiting.size).toBe(0);
      expect(set.isIdle).toBe(true);
      expect(set.queues).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

describe('fairness', () => {
  test('two flows that always want more get the same, however much more one of them asks for', () => {
    const { state, arrive, finish } = level(4, queuing);
    for (let round = 0; round < 400; round++) {
      for (let n = 0; n < 20; n++) arrive('greedy');
      arrive('modest');
      arrive('modest');
      state.now += 0.01;
      for (let n = 0; n < 4; n++) finish(0);
    }
    const [greedy, modest] = [state.done.get('greedy')!, state.done.get('modest')!];
    expect(modest / greedy).toBeGreaterThan(0.8);
    expect(modest / greedy).toBeLessThan(1.25);
  });

  test('wide requests are charged for their seats', () => {
    const { state, arrive, finish } = level(4, queuing);
    for (let round = 0; round < 800; round++) {
      for (let n = 0; n < 4; n++) {
        arrive('wide', 2);
        arrive('narrow');
      }
      state.now += 0.01;
      for (let under = state.served.length; under > 0; under--) finish(0);
    }
    const ratio = state.done.get('narrow')! / state.done.get('wide')!;
    expect(ratio).toBeGreaterThan(1.7);
    expect(ratio).toBeLessThan(2.3);
  });

  test('one flow leaves a quarter of the seats, so that somebody new is served at once', () => {
    const { state, arrive } = level(8, queuing);
    const flood = Array.from({ length: 1000 }, () => arrive('flood'));
    expect(flood.filter((each) => each === 'executing')).toHaveLength(6);
    expect(flood.filter((each) => each === 'waiting')).toHaveLength(4 * 50);
    expect(flood.filter((each) => each === 'queue-full')).toHaveLength(1000 - 6 - 200);
    expect([arrive('bystander'), arrive('bystander')]).toEqual(['executing', 'executing']);
    expect(state.served).toHaveLength(8);
  });

  test('a schema that knows no flows has all of the seats', () => {
    const { arrive } = level(8, queuing);
    const all = Array.from({ length: 9 }, () => arrive('all', 1, false));
    expect(all.filter((each) => each === 'executing')).toHaveLength(8);
  });
});

test('without queues what finds no seat is refused', () => {
  const { arrive, finish } = level(2, undefined);
  expect([arrive('a'), arrive('b'), arrive('c')]).toEqual(['executing', 'executing', 'concurrency-limit']);
  finish(0);
  expect(arrive('c')).toBe('executing');
});

test('what is limited by nothing is counted, whatever the limit', () => {
  const { set } = level(0, undefined);
  for (let n = 0; n < 100; n++) set.pass();
  expect(set).toMatchObject({ executing: 100, seatsInUse: 100, dispatched: 100, isIdle: false });
  for (let n = 0; n < 100; n++) set.passed();
  expect(set.isIdle).toBe(true);
});

test('a hand has different queues, all of the deck', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      fc.integer({ min: 1, max: 8 }),
      fc.nat(500),
      (hash, size, more) => {
        const deck = size + more;
        const hand = deal(hash, deck, size);
        expect(new Set(hand).size).toBe(size);
        for (const card of hand) expect(card >= 0 && card < deck).toBe(true);
      },
    ),
  );
  // Every hand of three cards out of five, once for each order of dealing.
  const hands = Array.from({ length: 60 }, (_, i) => deal(BigInt(i), 5, 3).join());
  expect(new Set(hands).size).toBe(60);
});
