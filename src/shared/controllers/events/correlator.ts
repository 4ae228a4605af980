import type { EventFacts } from '../controller.ts';

/** Describes what to write for one more Event of an object, after similar ones have been counted. */
export type Correlated =
  | { action: 'create'; name: string; message: string; count: number }
  | { action: 'count'; name: string; message: string; count: number }
  | { action: 'drop' };

const similarUntilCombined = 10;
const combinedWithinMs = 10 * 60_000;
const burst = 25;
const refillMs = 300_000;
const remembered = 4096;

/** As client-go's EventCorrelator: counts repeats, combines more than 10 alike, drops an object's floods. */
export class Correlator {
  /** name and count of the Event that holds each exact repetition. */
  #written = new Map<string, { name: string; count: number }>();
  #similar = new Map<string, { messages: Set<string>; last: number }>();
  #tokens = new Map<string, { left: number; at: number }>();

  /** `nextName` makes the name of an Event that has none yet. */
  correlate(about: string, facts: EventFacts, now: number, nextName: () => string): Correlated {
    const group = `${about}|${facts.type}|${facts.reason}|${facts.fieldPath ?? ''}`;
    const combined = this.#isCombined(group, facts.message, now);
    if (!this.#allow(about, now)) return { action: 'drop' };
    const message = combined ? `(combined from similar events): ${facts.message}` : facts.message;
    const exact = combined ? group : `${group}|${facts.message}|${facts.once ?? ''}`;
    const known = this.#written.get(exact);
    if (known) {
      known.count++;
      return { action: 'count', name: known.name, message, count: known.count };
    }
    const name = nextName();
    remember(this.#written, exact, { name, count: 1 });
    return { action: 'create', name, message, count: 1 };
  }

  #isCombined(group: string, message: string, now: number): boolean {
    let similar = this.#similar.get(group);
    if (!similar || now - similar.last > combinedWithinMs) {
      similar = { messages: new Set(), last: now };
      remember(this.#similar, group, similar);
    }
    similar.last = now;
    if (similar.messages.size < similarUntilCombined) similar.messages.add(message);
    return similar.messages.size >= similarUntilCombined;
  }

  #allow(about: string, now: number): boolean {
    const bucket = this.#tokens.get(about) ?? { left: burst, at: now };
    bucket.left = Math.min(burst, bucket.left + (now - bucket.at) / refillMs);
    bucket.at = now;
    remember(this.#tokens, about, bucket);
    if (bucket.left < 1) return false;
    bucket.left--;
    return true;
  }
}

/** Keeps the newest entries only. */
function remember<V>(map: Map<string, V>, key: string, value: V): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > remembered) map.delete(map.keys().next().value!);
}
