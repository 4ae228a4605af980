import type { Ticket } from './ticket.ts';

/** One of the queues of a priority level, with the requests in it and those that came from it. */
export interface Queue {
  readonly index: number;
  readonly waiting: Set<Ticket>;
  readonly executing: Set<Ticket>;
  seatsWaiting: number;
  seatsInUse: number;
  /** Says how many seat-seconds each queue has to be entitled to before this one may go on. */
  nextDispatch: number;
}

/** The queue of an index; made when somebody first waits there, since most never are. */
export function queueAt(queues: Queue[], index: number): Queue {
  for (let i = queues.length; i <= index; i++)
    queues.push({
      index: i,
      waiting: new Set(),
      executing: new Set(),
      seatsWaiting: 0,
      seatsInUse: 0,
      nextDispatch: 0,
    });
  return queues[index]!;
}

/** Puts a request at the end; true when the queue was idle, and so begins at where the others are by now. */
export function arrive(queue: Queue, ticket: Ticket, progress: number): boolean {
  const wasIdle = queue.waiting.size === 0 && queue.executing.size === 0;
  if (wasIdle) queue.nextDispatch = progress;
  ticket.arrivedAt = progress;
  ticket.queue = queue;
  queue.waiting.add(ticket);
  queue.seatsWaiting += ticket.seats;
  return wasIdle;
}

/** Charges the queue for a request that is let in, by what it is guessed to take. */
export function take(queue: Queue, ticket: Ticket, seconds: number): void {
  queue.executing.add(ticket);
  queue.seatsInUse += ticket.seats;
  queue.nextDispatch += ticket.seats * seconds;
}

/** Puts right what the queue was charged for a request that is over: by `tooMuch` seconds of its seats. */
export function depart(queue: Queue, ticket: Ticket, tooMuch: number): void {
  queue.executing.delete(ticket);
  queue.seatsInUse -= ticket.seats;
  queue.nextDispatch -= ticket.seats * tooMuch;
  bound(queue);
}

/** Nothing is let in before it came: a queue that could not use its part does not save it up. */
export function bound(queue: Queue): void {
  const [first] = queue.waiting;
  if (first && queue.nextDispatch < first.arrivedAt) queue.nextDispatch = first.arrivedAt;
}
