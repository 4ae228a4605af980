/** Tells receivers outside by HTTP. Drivers pass test/contract/eventReceivers.ts. */
export interface EventReceivers {
  /**
   * Posts a body and answers what came back. Follows nobody elsewhere, waits for no longer than the time given and reads no
   * more of an answer than its head.
   * @throws Error that says what went wrong, when there was no answer of HTTP
   */
  post(message: EventMessage): Promise<EventAnswer>;
  /** Gives up what is under way. */
  close(): void;
}

/** Describes what is sent. */
export interface EventMessage {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** Milliseconds for all of it. */
  patienceMs: number;
}

/** Describes what came back. */
export interface EventAnswer {
  status: number;
  /** The header of this name: seconds, or a date. */
  retryAfter?: string;
}
