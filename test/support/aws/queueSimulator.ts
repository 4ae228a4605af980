import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { Group, Order, Work } from '../../../src/shared/controllers/manager/queue/index.ts';

/** What may happen to a message or a stream record, as probabilities, and how late it may come (milliseconds). */
export interface Delivery {
  drop: number;
  duplicate: number;
  lateMs: number;
}

export interface Message {
  work: Work;
  visibleAt: number;
  receives: number;
}

/** Queues that deliver at least once and in no order, each message hidden while somebody works on it. */
export class QueueSimulator {
  delivery: Delivery = { drop: 0, duplicate: 0, lateMs: 0 };
  sent = 0;
  readonly #messages = new Map<Group, Set<Message>>();
  readonly #clock: Clock;
  readonly #random: () => number;

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  send(group: Group, orders: readonly Order[]): void {
    for (const { work, delayMs = 0 } of orders) {
      this.sent++;
      // Through JSON, as a real one.
      const add = () =>
        this.#of(group).add({
          work: JSON.parse(JSON.stringify(work)),
          visibleAt: this.#clock.now() + delayMs + Math.floor(this.#random() * this.delivery.lateMs),
          receives: 0,
        });
      if (this.#random() >= this.delivery.drop) add();
      if (this.#random() < this.delivery.duplicate) add();
    }
  }

  /** Up to `most` visible messages, any of them, hidden for `hiddenMs`. */
  receive(group: Group, most: number, hiddenMs: number): Message[] {
    const now = this.#clock.now();
    const visible = [...this.#of(group)].filter(({ visibleAt }) => visibleAt <= now);
    const taken = shuffled(visible, this.#random).slice(0, most);
    for (const message of taken) {
      message.visibleAt = now + hiddenMs;
      message.receives++;
    }
    return taken;
  }

  delete(group: Group, message: Message): void {
    this.#of(group).delete(message);
  }

  /** When the next message becomes visible; Infinity: none is there. */
  nextAt(): number {
    let next = Number.POSITIVE_INFINITY;
    for (const messages of this.#messages.values())
      for (const { visibleAt } of messages) next = Math.min(next, visibleAt);
    return next;
  }

  get size(): number {
    return [...this.#messages.values()].reduce((sum, { size }) => sum + size, 0);
  }

  #of(group: Group): Set<Message> {
    const known = this.#messages.get(group) ?? new Set();
    this.#messages.set(group, known);
    return known;
  }
}

export function shuffled<T>(items: readonly T[], random: () => number): T[] {
  const all = [...items];
  for (let i = all.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [all[i], all[j]] = [all[j]!, all[i]!];
  }
  return all;
}
