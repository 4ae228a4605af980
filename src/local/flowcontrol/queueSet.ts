import type { QueuingConfiguration } from '../../shared/kinds/schema/types.ts';
import { handOf } from './hand.ts';
import { arrive, bound, depart, type Queue, queueAt, take } from './queue.ts';
import type { Ticket } from './ticket.ts';

/** Describes what comes of a request that arrives. */
export type Arrival = 'executing' | 'waiting' | 'queue-full' | 'concurrency-limit';

/** One flow leaves the rest of the seats to others, however many requests it sends. */
const shareOfOne = 0.75;
/** Says how long a request takes, as long as nobody knows better. Seconds. */
const guessedSeconds = 0.003;
/** Hands that are kept: dealing one costs more than all the rest. */
const mostHands = 1_000;

/**
 * Fair queuing of a priority level, as k8s.io/apiserver's queueset: a flow's requests wait in the shortest of its hand of
 * queues, and whenever a seat is free, the queue that has had the least of the seats so far goes on. It knows no clock and
 * no promise: `now` is in seconds, and whose turn it is gets its `go` called.
 *
 * Besides, a flow never holds more than three quarters of the seats while it has one, so that somebody new finds one free
 * though all that is being served is slow.
 */
export class QueueSet {
  limit = 0;
  seatsInUse = 0;
  seatsWaiting = 0;
  executing = 0;
  waiting = 0;
  dispatched = 0;
  rejected = 0;
  cancelled = 0;
  #queuing: QueuingConfiguration | undefined;
  #queues: Queue[] = [];
  /** Queues in which somebody waits. */
  readonly #pending = new Set<Queue>();
  #active = 0;
  #robin = 0;
  #enqueued = 0;
  /** Seat-seconds that each busy queue has been entitled to since the beginning. */
  #progress = 0;
  #last = 0;
  readonly #hands = new Map<string, number[]>();
  readonly #heldBy = new Map<string, number>();

  /** Follows another configuration; what waits goes on waiting. `limit` counts at once. */
  configure(queuing: QueuingConfiguration | undefined, limit: number, now: number): void {
    this.#advance(now);
    if (queuing?.queues !== this.#queuing?.queues || queuing?.handSize !== this.#queuing?.handSize)
      this.#hands.clear();
    this.#queuing = queuing;
    this.limit = limit;
    this.#dispatch(now);
  }

  get isIdle(): boolean {
    return this.executing === 0 && this.waiting === 0;
  }

  /** The queues that anybody is in, for dumps. */
  get queues(): readonly Queue[] {
    return this.#queues.filter(({ waiting, executing }) => waiting.size > 0 || executing.size > 0);
  }

  /** Takes the request in, or says why not; its `go` may have been called when this returns. */
  arrive(ticket: Ticket, now: number): Arrival {
    this.#advance(now);
    if (!this.#queuing) {
      if (!(this.#fits(ticket.seats) && this.#leavesOthers(ticket))) {
        this.rejected++;
        return 'concurrency-limit';
      }
      this.#execute(ticket, now);
      return 'executing';
    }
    const queue = this.#choose(ticket, this.#queuing);
    if (
      (this.seatsInUse >= this.limit || !this.#leavesOthers(ticket)) &&
      queue.waiting.size >= this.#queuing.queueLengthLimit
    ) {
      this.rejected++;
      return 'queue-full';
    }
    if (arrive(queue, ticket, this.#progress)) this.#active++;
    this.#pending.add(queue);
    this.waiting++;
    this.seatsWaiting += ticket.seats;
    bound(queue);
    this.#dispatch(now);
    return ticket.queue === queue && queue.waiting.has(ticket) ? 'waiting' : 'executing';
  }

  /** Counts a request that is limited by nothing: it waits for nobody, and nobody waits for it. */
  pass(): void {
    this.executing++;
    this.dispatched++;
    this.seatsInUse++;
  }

  passed(): void {
    this.executing--;
    this.seatsInUse--;
  }

  /** Takes a request out of its queue, because nobody waits for it any more; false when it has had its turn. */
  leave(ticket: Ticket, now: number): boolean {
    this.#advance(now);
    const { queue } = ticket;
    if (!queue?.waiting.has(ticket)) return false;
    this.#withdraw(queue, ticket);
    this.cancelled++;
    this.rejected++;
    this.#settle(queue);
    bound(queue);
    this.#dispatch(now);
    return true;
  }

  /** Frees the seats of a request that has been served. */
  finish(ticket: Ticket, now: number): void {
    this.#advance(now);
    const { queue, flow, seats } = ticket;
    this.executing--;
    this.seatsInUse -= seats;
    const held = (this.#heldBy.get(flow) ?? 0) - seats;
    if (held > 0) this.#heldBy.set(flow, held);
    else this.#heldBy.delete(flow);
    if (queue) {
      // What it took less than was guessed is given back to its queue, and what it took more is taken from it.
      depart(queue, ticket, guessedSeconds - (now - ticket.startedAt));
      this.#settle(queue);
    }
    this.#dispatch(now);
  }

  #advance(now: number): void {
    if (this.#active > 0) {
      const seats = Math.min(this.seatsInUse + this.seatsWaiting, this.limit);
      this.#progress += (seats / this.#active) * (now - this.#last);
    }
    this.#last = now;
  }

  #choose({ flow }: Ticket, { queues, handSize }: QueuingConfiguration): Queue {
    let hand = this.#hands.get(flow);
    if (!hand) {
      if (this.#hands.size >= mostHands) this.#hands.clear();
      hand = handOf(flow, queues, handSize);
      this.#hands.set(flow, hand);
    }
    const offset = this.#enqueued++ % hand.length;
    let best: Queue | undefined;
    for (let i = 0; i < hand.length; i++) {
      const queue = queueAt(this.#queues, hand[(offset + i) % hand.length]!);
      if (!best || queue.seatsWaiting < best.seatsWaiting) best = queue;
      if (best.seatsWaiting === 0) break;
    }
    return best!;
  }

  #dispatch(now: number): void {
    while (this.waiting > 0 && this.seatsInUse < this.limit) {
      const queue = this.#next();
      const [ticket] = queue?.waiting ?? [];
      if (!queue || !ticket || !this.#fits(ticket.seats)) return;
      this.#withdraw(queue, ticket);
      this.#robin = queue.index;
      take(queue, ticket, guessedSeconds);
      this.#execute(ticket, now);
      bound(queue);
    }
  }

  /** The queue whose first request would be done earliest if each had its fair part; of several the next one round. */
  #next(): Queue | undefined {
    let [best, earliest, distance] = [undefined as Queue | undefined, Number.POSITIVE_INFINITY, 0];
    const count = this.#queues.length;
    for (const queue of this.#pending) {
      const [ticket] = queue.waiting;
      if (!ticket || !this.#leavesOthers(ticket)) continue;
      const finish = queue.nextDispatch + ticket.seats * guessedSeconds;
      const away = (queue.index - this.#robin - 1 + count) % count;
      if (finish < earliest || (finish === earliest && away < distance))
        [best, earliest, distance] = [queue, finish, away];
    }
    return best;
  }

  #execute(ticket: Ticket, now: number): void {
    ticket.startedAt = now;
    this.executing++;
    this.dispatched++;
    this.seatsInUse += ticket.seats;
    this.#heldBy.set(ticket.flow, (this.#heldBy.get(ticket.flow) ?? 0) + ticket.seats);
    ticket.go();
  }

  #withdraw(queue: Queue, ticket: Ticket): void {
    queue.waiting.delete(ticket);
    queue.seatsWaiting -= ticket.seats;
    this.waiting--;
    this.seatsWaiting -= ticket.seats;
    if (queue.waiting.size === 0) this.#pending.delete(queue);
  }

  #settle(queue: Queue): void {
    if (queue.waiting.size === 0 && queue.executing.size === 0) this.#active--;
  }

  /** Something larger than all seats goes when nothing else is being served. */
  #fits(seats: number): boolean {
    return seats > this.limit ? this.executing === 0 : this.seatsInUse + seats <= this.limit;
  }

  #leavesOthers({ flow, seats, isOneOfMany }: Ticket): boolean {
    const held = this.#heldBy.get(flow);
    return !held || !isOneOfMany || held + seats <= Math.ceil(this.limit * shareOfOne);
  }
}
