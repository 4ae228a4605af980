import type { Group, Work } from './work.ts';

/** Describes where work waits for its controllers: delivered at least once, in no order. */
export interface WorkQueues {
  /** Sends all of it, again while that may help. Answers what could not be sent. */
  send(orders: readonly Addressed[]): Promise<Order[]>;
}

/** Is one message to send. */
export interface Order {
  work: Work;
  /** Milliseconds until it is delivered, at most `longestDelayMs`. */
  delayMs?: number;
}

/** With the group whose controllers it is for. */
export interface Addressed extends Order {
  group: Group;
}

/** SQS delays by at most 15 minutes. Who wants to wait longer is looked at in between. */
export const longestDelayMs = 900_000;

/**
 * Describes which keys have a delayed message under way. Without it every reconcile that ends with `requeueAfterMs`
 * would begin one more chain of messages, and no chain ever ends.
 */
export interface Timers {
  /** False when a message for the key is under way that comes no later than `at` (milliseconds since the epoch). */
  claim(work: Work, at: number): Promise<boolean>;
  /** The message was not sent after all. */
  release(work: Work, at: number): Promise<void>;
}
