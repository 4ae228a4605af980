import type { Queue } from './queue.ts';

/** Is a request on its way through a priority level. */
export interface Ticket {
  readonly schema: string;
  /** The schema and what tells its flows apart. */
  readonly flow: string;
  /** Its schema tells flows apart, so that others may want a seat beside it. */
  readonly isOneOfMany: boolean;
  readonly seats: number;
  /** Called once, when its turn has come. */
  readonly go: () => void;
  /** Set by the queue set: where it waits or has waited, and in seconds when it was let in. */
  queue?: Queue;
  startedAt: number;
  /** Says how far the level had come when it arrived. */
  arrivedAt: number;
}
