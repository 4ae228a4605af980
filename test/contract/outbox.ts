import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { NewEvent, Outbox, WaitingEvent } from '../../src/shared/ports/outbox.ts';
import { openMemoryOutbox } from '../support/events/memoryOutbox.ts';

export interface OutboxMaker {
  open(): Promise<Outbox>;
  /** Ends it as a kill would and opens it again; absent where nothing outlives the process. */
  again?(outbox: Outbox): Promise<Outbox>;
}

const event = (name: string, more: Partial<NewEvent> = {}): NewEvent => ({
  ...{ to: 'rule/target', object: 'o', id: name, source: 's', since: 1 },
  text: Buffer.from(`{"of":"${name}"}`),
  ...more,
});
const none = new Map<string, string>();
const dead = (waiting: WaitingEvent) => ({ ...waiting, reason: 'no', died: 9 });
const textOf = (outbox: Outbox, number: number) => {
  const text = outbox.text(number);
  return text && Buffer.from(text).toString();
};

/** What every Outbox does, whichever keeps it. */
export function outboxContract(name: string, { open, again }: OutboxMaker): void {
  describe(`an outbox (${name})`, () => {
    let outbox: Outbox;
    beforeEach(async () => {
      outbox = await open();
    });
    afterEach(() => outbox.close());

    test('is empty at first', () =>
      expect(outbox.load()).toEqual({ places: new Map(), waiting: [], dead: [] }));

    test('keeps events in their order, with growing numbers, and their texts', async () => {
      const [a, b] = await outbox.append([event('a'), event('b')], none);
      const [c] = await outbox.append([event('c')], none);
      expect(a).toMatchObject({ id: 'a', bytes: 10, since: 1 });
      expect(a).not.toHaveProperty('text');
      expect(outbox.load().waiting).toEqual([a, b, c]);
      expect(a!.number).toBeLessThan(b!.number);
      expect(b!.number).toBeLessThan(c!.number);
      expect(textOf(outbox, b!.number)).toBe('{"of":"b"}');
    });

    test('moves places and forgets them', async () => {
      await outbox.append(
        [],
        new Map([
          ['default\x1fpods', '7'],
          ['a\x1fb', '1'],
        ]),
      );
      await outbox.append(
        [],
        new Map([
          ['default\x1fpods', '8'],
          ['a\x1fb', undefined],
        ]),
      );
      expect(outbox.load().places).toEqual(new Map([['default\x1fpods', '8']]));
    });

    test('forgets what is removed, and minds nothing that is not there', async () => {
      const [a, b] = await outbox.append([event('a'), event('b')], none);
      await outbox.remove([a!.number, 999]);
      expect(outbox.load().waiting).toEqual([b]);
      expect(outbox.text(a!.number)).toBeUndefined();
    });

    test('a dead letter waits no more, has its text, and can wait again behind all others', async () => {
      const [a, b] = await outbox.append([event('a'), event('b')], none);
      await outbox.bury(dead(a!));
      expect(outbox.load()).toMatchObject({ waiting: [b], dead: [dead(a!)] });
      expect(textOf(outbox, a!.number)).toBe('{"of":"a"}');
      const [revived] = await outbox.revive([a!.number, 999], 5);
      expect(revived).toEqual({ ...a, number: revived!.number, since: 5 });
      expect(outbox.load()).toMatchObject({ waiting: [b, revived], dead: [] });
      expect(textOf(outbox, revived!.number)).toBe('{"of":"a"}');
    });

    test('what is gone is not buried', async () => {
      const [a] = await outbox.append([event('a')], none);
      await outbox.remove([a!.number]);
      await outbox.bury(dead(a!));
      expect(outbox.load()).toMatchObject({ waiting: [], dead: [] });
    });

    test('a dead letter is removed like any other', async () => {
      const [a] = await outbox.append([event('a')], none);
      await outbox.bury(dead(a!));
      await outbox.remove([a!.number]);
      expect(outbox.load().dead).toEqual([]);
      expect(outbox.text(a!.number)).toBeUndefined();
    });

    test('many at once are all there, each once', async () => {
      const made = await Promise.all(
        Array.from({ length: 200 }, (_, i) => outbox.append([event(`${i}`)], new Map([['s', `${i}`]]))),
      );
      await Promise.all(made.flatMap(([each], i) => (i % 2 ? [] : outbox.remove([each!.number]))));
      expect(outbox.load().waiting.map(({ id }) => Number(id) % 2)).toEqual(Array(100).fill(1));
      expect(outbox.load().places.get('s')).toBe('199');
    });

    if (again)
      test('a killed process finds what was acknowledged, place and events, and goes on with greater numbers', async () => {
        const [a, b] = await outbox.append([event('a'), event('b')], new Map([['s', '2']]));
        await outbox.bury(dead(b!));
        outbox = await again(outbox);
        expect(outbox.load()).toEqual({ places: new Map([['s', '2']]), waiting: [a], dead: [dead(b!)] });
        const [c] = await outbox.append([event('c')], none);
        expect(c!.number).toBeGreaterThan(b!.number);
      });

    if (again)
      test('gives no number twice, although nothing that had one is left', async () => {
        const [a, b] = await outbox.append([event('a'), event('b')], none);
        await outbox.remove([a!.number, b!.number]);
        outbox = await again(outbox);
        const [c] = await outbox.append([event('c')], none);
        expect(c!.number).toBeGreaterThan(b!.number);
        await outbox.bury(dead(c!));
        const [d] = await outbox.revive([c!.number], 5);
        await outbox.remove([d!.number]);
        outbox = await again(outbox);
        const [e] = await outbox.append([event('e')], none);
        expect(e!.number).toBeGreaterThan(d!.number);
      });

    test('does what the model does, whatever comes', async () => {
      const step = fc.oneof(
        fc.record({ is: fc.constant('append' as const), count: fc.integer({ min: 0, max: 3 }) }),
        fc.record({
          is: fc.constantFrom('remove' as const, 'bury' as const, 'revive' as const),
          at: fc.nat(20),
        }),
        ...(again ? [fc.record({ is: fc.constant('again' as const) })] : []),
      );
      await fc.assert(
        fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
          const model = openMemoryOutbox();
          let tried = await open();
          let serial = 0;
          for (const each of steps) {
            if (each.is === 'again') tried = await again!(tried);
            else if (each.is === 'append') {
              const events = Array.from({ length: each.count }, () => event(`${serial++}`));
              const places = new Map([['s', `${serial}`]]);
              for (const box of [model, tried]) await box.append(events, places);
            } else
              for (const box of [model, tried]) {
                const { waiting, dead: letters } = box.load();
                const list = each.is === 'revive' ? letters : waiting;
                const one = list[each.at % Math.max(list.length, 1)];
                if (!one) continue;
                if (each.is === 'remove') await box.remove([one.number]);
                else if (each.is === 'bury') await box.bury(dead(one));
                else await box.revive([one.number], 7);
              }
          }
          const seen = (box: Outbox) => {
            const { places, waiting, dead: letters } = box.load();
            const shown = ({ number, ...rest }: WaitingEvent) => ({ ...rest, text: textOf(box, number) });
            return { places, waiting: waiting.map(shown), dead: letters.map(shown) };
          };
          expect(seen(tried)).toEqual(seen(model));
          await tried.close();
        }),
        { numRuns: again ? 25 : 100 },
      );
    });
  });
}
