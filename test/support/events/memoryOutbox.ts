import type {
  DeadLetter,
  NewEvent,
  Outbox,
  OutboxContent,
  Places,
  WaitingEvent,
} from '../../../src/shared/ports/outbox.ts';

/** Everything in the heap, gone with the process: for tests, and the model of the one on disk. */
export function openMemoryOutbox(): Outbox {
  const places = new Map<string, string>();
  const waiting = new Map<number, WaitingEvent>();
  const dead = new Map<number, DeadLetter>();
  const texts = new Map<number, Uint8Array>();
  let last = 0;
  return {
    load: (): OutboxContent => ({
      places: new Map(places),
      waiting: [...waiting.values()],
      dead: [...dead.values()].sort((a, b) => a.number - b.number),
    }),
    async append(events: readonly NewEvent[], moved: Places) {
      for (const [space, place] of moved) {
        if (place === undefined) places.delete(space);
        else places.set(space, place);
      }
      return events.map(({ text, ...event }) => {
        const entry = { ...event, number: ++last, bytes: text.length };
        waiting.set(entry.number, entry);
        texts.set(entry.number, text);
        return entry;
      });
    },
    text: (number) => texts.get(number),
    async remove(numbers) {
      for (const number of numbers) for (const table of [waiting, dead, texts]) table.delete(number);
    },
    async bury(letter) {
      if (waiting.delete(letter.number)) dead.set(letter.number, letter);
    },
    async revive(numbers, since) {
      return numbers.flatMap((number) => {
        const found = dead.get(number);
        if (!found) return [];
        const { reason: _, died: __, ...event } = found;
        const entry = { ...event, number: ++last, since };
        dead.delete(number);
        waiting.set(entry.number, entry);
        texts.set(entry.number, texts.get(number)!);
        texts.delete(number);
        return entry;
      });
    },
    async close() {},
  };
}
