import type { LevelSpec } from './configuration.ts';
import { Demand } from './demand.ts';
import type { Limits } from './limits.ts';
import { type Arrival, QueueSet } from './queueSet.ts';
import { RetryAfter } from './retryAfter.ts';
import type { Ticket } from './ticket.ts';

/** Describes what is counted of the requests of one flow schema in one level. */
export interface Counts {
  executing: number;
  executingSeats: number;
  waiting: number;
  waitingSeats: number;
  dispatched: number;
  rejected: Map<string, number>;
}

/** Is a priority level at work: its seats, its queues, and what is counted of it. */
export class Level {
  spec: LevelSpec;
  limits: Limits;
  current: number;
  /** Seats that it is meant to have, as of the last look at what all levels need. */
  target = 0;
  /** It is not configured any more, and goes when its last request has gone. */
  isRetired = false;
  readonly queues = new QueueSet();
  readonly demand: Demand;
  readonly retryAfter = new RetryAfter();
  readonly counts = new Map<string, Counts>();

  /** `now` is in milliseconds. */
  constructor(spec: LevelSpec, limits: Limits, now: number) {
    this.spec = spec;
    this.limits = limits;
    this.demand = new Demand(now);
    this.current = limits.nominal - Math.trunc((limits.nominal - limits.min) / 2);
    this.configure(spec, limits, now);
  }

  configure(spec: LevelSpec, limits: Limits, now: number): void {
    this.spec = spec;
    this.limits = limits;
    this.#apply(now);
  }

  setCurrent(seats: number, now: number): void {
    this.current = seats;
    this.#apply(now);
  }

  arrive(ticket: Ticket, now: number): Arrival {
    const counts = this.countsOf(ticket.schema);
    counts.waiting++;
    counts.waitingSeats += ticket.seats;
    const arrival = this.queues.arrive(ticket, now / 1000);
    if (arrival === 'queue-full' || arrival === 'concurrency-limit') {
      this.#leftQueue(ticket);
      this.#reject(counts, arrival, now);
    }
    this.#note(now);
    return arrival;
  }

  /** Counts a request of the level `exempt`, which has its turn at once, until `passed`. */
  pass(schema: string, now: number): void {
    const counts = this.countsOf(schema);
    counts.executing++;
    counts.executingSeats++;
    counts.dispatched++;
    this.queues.pass();
    this.#note(now);
  }

  passed(schema: string, now: number): void {
    const counts = this.countsOf(schema);
    counts.executing--;
    counts.executingSeats--;
    this.queues.passed();
    this.#note(now);
  }

  /** Called when a request has had its turn. */
  begun(ticket: Ticket): void {
    const counts = this.#leftQueue(ticket);
    counts.executing++;
    counts.executingSeats += ticket.seats;
    counts.dispatched++;
  }

  /** Gives up waiting; false when it has had its turn. */
  leave(ticket: Ticket, now: number): boolean {
    if (!this.queues.leave(ticket, now / 1000)) return false;
    this.#reject(this.#leftQueue(ticket), 'time-out', now);
    this.#note(now);
    return true;
  }

  finish(ticket: Ticket, now: number): void {
    const counts = this.countsOf(ticket.schema);
    counts.executing--;
    counts.executingSeats -= ticket.seats;
    this.queues.finish(ticket, now / 1000);
    this.#note(now);
  }

  countsOf(schema: string): Counts {
    let counts = this.counts.get(schema);
    if (!counts) {
      counts = {
        executing: 0,
        executingSeats: 0,
        waiting: 0,
        waitingSeats: 0,
        dispatched: 0,
        rejected: new Map(),
      };
      this.counts.set(schema, counts);
    }
    return counts;
  }

  #apply(now: number): void {
    this.queues.configure(this.spec.queuing, this.current, now / 1000);
  }

  #note(now: number): void {
    this.demand.set(this.queues.seatsInUse + this.queues.seatsWaiting, now);
  }

  #leftQueue(ticket: Ticket): Counts {
    const counts = this.countsOf(ticket.schema);
    counts.waiting--;
    counts.waitingSeats -= ticket.seats;
    return counts;
  }

  #reject({ rejected }: Counts, reason: string, now: number): void {
    rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
    this.retryAfter.refused(now);
  }
}
