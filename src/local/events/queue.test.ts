import { describe, expect, test } from '@jest/globals';
import { openMemoryOutbox } from '../../../test/support/events/memoryOutbox.ts';
import { ManualClock } from '../../shared/clock/manualClock.ts';
import { seededIds } from '../../shared/clock/seededIds.ts';
import { silentLogger } from '../../shared/observability/logger.ts';
import type { EventMessage } from '../../shared/ports/eventReceivers.ts';
import type { NewEvent, Outbox } from '../../shared/ports/outbox.ts';
import { EventQueue, type QueueOptions } from './queue.ts';

const none = new Map<string, string>();
const event = (id: string, more: Partial<NewEvent> = {}): NewEvent => ({
  ...{ to: 'rule/target', object: id, id, source: 's', since: Date.UTC(2026, 0, 1) },
  text: Buffer.from(id),
  ...more,
});

function open(answer: (body: string) => number | undefined, more: Partial<QueueOptions> = {}) {
  const clock = new ManualClock();
  const sent: EventMessage[] = [];
  const queue = new EventQueue({
    outbox: openMemoryOutbox(),
    receivers: {
      post: async (message) => {
        sent.push(message);
        const status = answer(Buffer.from(message.body).toString());
        if (status === undefined) throw new Error('nobody there');
        return { status };
      },
      close: () => {},
    },
    routes: new Map([['rule/target', { url: 'u', giveUpMs: 60_000, sign: (id) => ({ 'webhook-id': id }) }]]),
    ...{ clock, ids: seededIds(1), log: silentLogger },
    ...more,
  });
  const settled = async () => {
    for (let i = 0; i < 20; i++) await new Promise(setImmediate);
  };
  return { queue, clock, sent, settled };
}

describe('a queue of events', () => {
  test('sends what waits, and forgets it', async () => {
    const { queue, sent, settled } = open(() => 200);
    await queue.append([event('a'), event('b')], none);
    await settled();
    expect(
      sent.map(({ url, headers, body }) => [url, headers['content-type'], Buffer.from(body).toString()]),
    ).toEqual(['a', 'b'].map((id) => ['u', 'application/cloudevents+json; charset=utf-8', id]));
    expect(queue.figures()).toEqual({ told: 2, failed: 0, waiting: 0, dead: 0, lost: 0 });
  });

  test('sends at the next start what waited at the end of the last, as the same message', async () => {
    const outbox = openMemoryOutbox();
    const first = open(() => undefined, { outbox });
    await first.queue.append([event('a')], new Map([['s', '7']]));
    await first.settled();
    await first.queue.stop();
    const { queue, sent, settled } = open(() => 200, { outbox });
    await settled();
    expect(queue.places).toEqual(new Map([['s', '7']]));
    expect(sent.map(({ headers }) => headers['webhook-id'])).toEqual([first.sent[0]!.headers['webhook-id']]);
  });

  test('makes dead letters of what is refused for ever, tells why, and tries them again when asked', async () => {
    let status = 400;
    const { queue, sent, settled } = open(() => status);
    await queue.append([event('a'), event('b')], none);
    await settled();
    const letters = queue.deadLetters();
    expect(letters.map(({ id, reason }) => [id, reason])).toEqual(
      ['a', 'b'].map((id) => [id, 'the receiver answered 400']),
    );
    status = 204;
    expect(await queue.retry([letters[0]!.number, letters[0]!.number, 999])).toBe(1);
    await settled();
    expect(sent.map(({ body }) => Buffer.from(body).toString())).toEqual(['a', 'b', 'a']);
    expect(await queue.drop()).toBe(1);
    expect(queue.figures()).toEqual({ told: 1, failed: 2, waiting: 0, dead: 0, lost: 0 });
  });

  test('gives up after the time of the rule, and not before an attempt was made', async () => {
    const { queue, clock, sent } = open(() => 500);
    await queue.append([event('a', { since: clock.now() - 1_000_000 })], none);
    await clock.advance(0);
    expect(sent).toHaveLength(1);
    expect(queue.deadLetters()).toMatchObject([{ id: 'a', reason: 'the receiver answered 500' }]);
  });

  test('makes dead letters of what no rule asks for any more', async () => {
    const { queue, settled } = open(() => 200);
    await queue.append([event('a', { to: 'gone/target' })], none);
    await settled();
    expect(queue.deadLetters()).toMatchObject([{ id: 'a', reason: 'no rule has this target any more' }]);
  });

  test.each([
    { by: 'number', waiting: { events: 3, bytes: 1_000 } },
    { by: 'bytes', waiting: { events: 1_000, bytes: 3 } },
  ])('keeps no more than its bounds, by $by: the oldest go first', async ({ waiting }) => {
    const outbox = openMemoryOutbox();
    const { queue, settled } = open(() => undefined, {
      outbox,
      bounds: { waiting, dead: { events: 2, bytes: 1_000 } },
    });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) {
      await queue.append([event(id, { object: 'o' })], none);
      await settled();
    }
    const { waiting: left, dead } = outbox.load();
    expect(left.map(({ id }) => id)).toEqual(['d', 'e', 'f']);
    expect(dead.map(({ id, reason }) => [id, reason])).toEqual(
      ['b', 'c'].map((id) => [id, 'the queue is full']),
    );
    expect(queue.figures()).toMatchObject({ waiting: 3, dead: 2, lost: 1 });
  });

  test('makes room in one step, however much has to go', async () => {
    const inner = openMemoryOutbox();
    const waiting: (() => void)[] = [];
    const outbox: Outbox = {
      ...inner,
      bury: async (letter) => {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
          if (waiting.length === 3) for (const each of waiting) each();
        });
        await inner.bury(letter);
      },
    };
    const { queue } = open(() => undefined, { outbox, bounds: { waiting: { events: 1, bytes: 1_000 } } });
    await queue.append(
      ['a', 'b', 'c', 'd'].map((id) => event(id, { object: 'o' })),
      none,
    );
    expect(queue.deadLetters().map(({ id }) => id)).toHaveLength(3);
  });

  test('waits for a disk that takes nothing', async () => {
    const inner = openMemoryOutbox();
    let fails = 2;
    const outbox: Outbox = {
      ...inner,
      append: async (...args) => {
        if (fails-- > 0) throw new Error('full');
        return inner.append(...args);
      },
    };
    const { queue, clock, sent } = open(() => 200, { outbox });
    const appended = queue.append([event('a')], none);
    await clock.advance(0);
    await clock.advance(1_000);
    await clock.advance(2_000);
    await appended;
    await clock.advance(0);
    expect(sent).toHaveLength(1);
  });
});
