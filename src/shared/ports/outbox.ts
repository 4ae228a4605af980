/**
 * Events that wait to be told, and how far the changes have been read from which they come: what of it was acknowledged
 * a killed process finds again. Drivers pass test/contract/outbox.ts. Callers keep it within bounds.
 */
export interface Outbox {
  /** Everything there is, without the texts. */
  load(): OutboxContent;

  /**
   * Takes events up, in their order, and moves places, all or nothing. A place that is undefined is forgotten. Answers the
   * events with the numbers that they have got, each greater than all before.
   */
  append(events: readonly NewEvent[], places: Places): Promise<WaitingEvent[]>;

  /** The text of an event that waits or is dead. */
  text(number: number): Uint8Array | undefined;

  /** Forgets events, whether they wait or are dead. What is not there is no error. */
  remove(numbers: readonly number[]): Promise<void>;

  /** Turns an event that waits into a dead letter. Nothing happens when it is gone. */
  bury(letter: DeadLetter): Promise<void>;

  /** Has dead letters wait again, behind all others, as if they came at `since`. Answers those that were there. */
  revive(numbers: readonly number[], since: number): Promise<WaitingEvent[]>;

  /** Waits for writes under way, releases files. */
  close(): Promise<void>;
}

/** Says by space (a resource of a logical cluster) up to which revision its changes have been read. */
export type Places = ReadonlyMap<string, string | undefined>;

/** Is what an outbox holds when it is opened; events by their number. */
export interface OutboxContent {
  places: Map<string, string>;
  waiting: WaitingEvent[];
  dead: DeadLetter[];
}

/** An event that is about to wait. */
export interface NewEvent extends Omit<WaitingEvent, 'number' | 'bytes'> {
  text: Uint8Array;
}

/** Describes an event that waits to be told. */
export interface WaitingEvent {
  number: number;
  /** Whom it is for: the name of a rule and of its target. */
  to: string;
  /** The object that it is about: what is about the same is told in order. */
  object: string;
  /** The id of the CloudEvent. */
  id: string;
  /** The source of the CloudEvent. */
  source: string;
  /** Length of its text. */
  bytes: number;
  /** Since when it waits, in milliseconds since the epoch. */
  since: number;
}

/** Describes an event that nobody tries to tell any more. */
export interface DeadLetter extends WaitingEvent {
  /** Why, in words for people. */
  reason: string;
  /** Since when, in milliseconds since the epoch. */
  died: number;
}
