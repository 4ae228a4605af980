import type { Clock } from '../../shared/clock/clock.ts';
import type { Ids } from '../../shared/clock/ids.ts';
import type { Logger } from '../../shared/observability/logger.ts';
import type { EventReceivers } from '../../shared/ports/eventReceivers.ts';
import type { DeadLetter, NewEvent, Outbox, Places, WaitingEvent } from '../../shared/ports/outbox.ts';
import { Courier } from './courier.ts';
import { type Bounds, Letters, waitingBounds } from './letters.ts';
import { messageId, type Sign } from './signing.ts';
import { type Verdict, verdictOf } from './verdict.ts';

/** Describes how one target is told. */
export interface Route {
  url: string;
  sign: Sign;
  /** Milliseconds for which an event is tried. */
  giveUpMs: number;
}

/** Describes what the queue needs. */
export interface QueueOptions {
  outbox: Outbox;
  receivers: EventReceivers;
  /** By the name of a rule and of its target. */
  routes: ReadonlyMap<string, Route>;
  clock: Clock;
  ids: Pick<Ids, 'random'>;
  log: Logger;
  /** How much may wait, and how many dead letters are kept. */
  bounds?: Partial<{ waiting: Bounds; dead: Bounds }>;
}

/** Numbers of the queue since it was opened, and what is in it now. */
export interface QueueFigures {
  told: number;
  failed: number;
  waiting: number;
  dead: number;
  /** Dead letters that had to go for others. */
  lost: number;
}

/** A receiver may take so long for one event. */
const patienceMs = 15_000;
const contentType = 'application/cloudevents+json; charset=utf-8';

/** Everything that waits to be told, within bounds: what does not fit any more makes dead letters of the oldest. */
export class EventQueue {
  readonly #options: QueueOptions;
  readonly #couriers = new Map<string, Courier>();
  readonly #waiting = new Map<number, WaitingEvent>();
  readonly #letters: Letters;
  readonly #bounds: Bounds;
  readonly #closing = new AbortController();
  /** Where the feed stands, as it was found. */
  readonly places: Map<string, string>;
  #bytes = 0;
  #told = 0;
  #failed = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
    this.#bounds = options.bounds?.waiting ?? waitingBounds;
    const { places, waiting, dead } = options.outbox.load();
    this.places = places;
    this.#letters = new Letters(dead, options.bounds?.dead);
    for (const [to, route] of options.routes) this.#couriers.set(to, this.#courierOf(route));
    for (const event of waiting) this.#add(event);
  }

  /** Takes events up and moves places. Resolves when a killed process would find them, or when the queue stops. */
  async append(events: readonly NewEvent[], places: Places): Promise<void> {
    const entries = await this.#insist(() => this.#options.outbox.append(events, places));
    for (const event of entries ?? []) this.#add(event);
    await this.#makeRoom();
  }

  deadLetters(): DeadLetter[] {
    return this.#letters.all();
  }

  /** Has dead letters wait again: those of these numbers, or all. Answers how many there were. */
  async retry(numbers?: readonly number[]): Promise<number> {
    const taken = this.#letters.take(numbers).map(({ number }) => number);
    const { outbox, clock } = this.#options;
    const entries = await this.#insist(() => outbox.revive(taken, clock.now()));
    for (const event of entries ?? []) this.#add(event);
    return taken.length;
  }

  /** Forgets dead letters: those of these numbers, or all. Answers how many there were. */
  async drop(numbers?: readonly number[]): Promise<number> {
    const taken = this.#letters.take(numbers).map(({ number }) => number);
    await this.#insist(() => this.#options.outbox.remove(taken));
    return taken.length;
  }

  figures(): QueueFigures {
    const { count: dead, lost } = this.#letters;
    return { told: this.#told, failed: this.#failed, waiting: this.#waiting.size, dead, lost };
  }

  /** Resolves when nothing is under way any more. What waits is there at the next start. */
  async stop(): Promise<void> {
    this.#closing.abort();
    this.#options.receivers.close();
    await Promise.all([...this.#couriers.values()].map((courier) => courier.stop()));
    await this.#options.outbox.close();
  }

  #add(event: WaitingEvent): void {
    this.#waiting.set(event.number, event);
    this.#bytes += event.bytes;
    const courier = this.#couriers.get(event.to);
    if (courier) courier.add(event);
    else void this.#bury(event, 'no rule has this target any more');
  }

  #remove(event: WaitingEvent): void {
    if (this.#waiting.delete(event.number)) this.#bytes -= event.bytes;
  }

  #courierOf(route: Route): Courier {
    const { clock, ids } = this.#options;
    return new Courier({
      ...{ clock, ids, giveUpMs: route.giveUpMs },
      tell: (event) => this.#tell(event, route),
      told: async (event) => {
        this.#told++;
        this.#remove(event);
        await this.#insist(() => this.#options.outbox.remove([event.number]));
      },
      died: (event, why) => this.#bury(event, why),
    });
  }

  async #tell(event: WaitingEvent, { url, sign }: Route): Promise<Verdict> {
    const { outbox, receivers, clock, log } = this.#options;
    const body = outbox.text(event.number);
    if (!body) return { is: 'in vain', why: 'its text is gone' };
    const id = messageId(event.source, event.id);
    const headers = { 'content-type': contentType, 'user-agent': 'shallop', ...sign(id, body, clock.now()) };
    try {
      const answer = await receivers.post({ url, headers, body, patienceMs });
      const verdict = verdictOf(answer, clock.now());
      if (verdict.is !== 'told') this.#failed++;
      return verdict;
    } catch (error) {
      this.#failed++;
      const why = (error as Error).message;
      log.debug('an event could not be told', { to: event.to, id: event.id, why });
      return { is: 'again', why };
    }
  }

  async #bury(event: WaitingEvent, reason: string): Promise<void> {
    const { outbox, clock, log } = this.#options;
    this.#remove(event);
    const letter: DeadLetter = { ...event, reason, died: clock.now() };
    log.warn('an event is a dead letter', { to: event.to, id: event.id, reason });
    await this.#insist(() => outbox.bury(letter));
    const gone = this.#letters.add(letter).map(({ number }) => number);
    if (gone.length > 0) await this.#insist(() => outbox.remove(gone));
  }

  /** The oldest go, as if their time were over: so those after them keep their order. */
  async #makeRoom(): Promise<void> {
    const { events, bytes } = this.#bounds;
    const buried: Promise<void>[] = [];
    for (const event of this.#waiting.values()) {
      if (this.#waiting.size <= events && this.#bytes <= bytes) break;
      if (this.#couriers.get(event.to)?.take(event)) buried.push(this.#bury(event, 'the queue is full'));
    }
    // Together, so that the outbox makes one step of them.
    await Promise.all(buried);
  }

  /** A disk that is full now may not be later: until then nothing goes on. */
  async #insist<T>(write: () => Promise<T>): Promise<T | undefined> {
    const { clock, log } = this.#options;
    for (let attempt = 0; ; attempt++) {
      try {
        return await write();
      } catch (error) {
        log.error('the outbox of events could not write', { error });
        await clock.sleep(1_000 * 2 ** Math.min(attempt, 6), this.#closing.signal);
        if (this.#closing.signal.aborted) return undefined;
      }
    }
  }
}
