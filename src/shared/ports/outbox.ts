/**
 * Stores the events that wait to be sent, and the positions up to which changes have been read. What it acknowledged is
 * still there after a kill. Drivers pass test/contract/outbox.ts. Callers limit its size.
 */
export interface Outbox {
  /** Returns everything, without the texts. */
  load(): OutboxContent;

  /**
   * Adds events in their order and moves places, in one transaction. A place that is undefined is removed. Returns the events
   * with their new numbers, each greater than all earlier ones.
   */
  append(events: readonly NewEvent[], places: Places): Promise<WaitingEvent[]>;

  /** Returns the text of a waiting event or of a dead letter; undefined when there is none. */
  text(number: number): Uint8Array | undefined;

  /** Removes events, waiting or dead. Numbers that do not exist are ignored. */
  remove(numbers: readonly number[]): Promise<void>;

  /** Turns a waiting event into a dead letter. Does nothing when it no longer exists. */
  bury(letter: DeadLetter): Promise<void>;

  /** Makes dead letters wait again, after all others, as if they had come at `since`. Returns those that existed. */
  revive(numbers: readonly number[], since: number): Promise<WaitingEvent[]>;

  /** Waits for writes that are under way, and closes the files. */
  close(): Promise<void>;
}

/** The revision up to which changes have been read, by space (a resource of a logical cluster). */
export type Places = ReadonlyMap<string, string | undefined>;

/** The content of an outbox when it is opened; events are sorted by number. */
export interface OutboxContent {
  places: Map<string, string>;
  waiting: WaitingEvent[];
  dead: DeadLetter[];
}

/** An event to be added. */
export interface NewEvent extends Omit<WaitingEvent, 'number' | 'bytes'> {
  text: Uint8Array;
}

/** Describes an event that waits to be sent. */
export interface WaitingEvent {
  number: number;
  /** The receiver: the name of a rule and of its target. */
  to: string;
  /** The object that it is about: events about one object are sent in order. */
  object: string;
  /** The id of the CloudEvent. */
  id: string;
  /** The source of the CloudEvent. */
  source: string;
  /** Length of its text, in bytes. */
  bytes: number;
  /** When it began to wait, in milliseconds since the epoch. */
  since: number;
}

/** Describes an event that is not sent any more. */
export interface DeadLetter extends WaitingEvent {
  /** Why it was given up, for people to read. */
  reason: string;
  /** When it was given up, in milliseconds since the epoch. */
  died: number;
}
