/** Sends events to webhooks by HTTP. Drivers pass test/contract/eventReceivers.ts. */
export interface EventReceivers {
  /**
   * Posts a body and returns the status of the answer. It follows no redirects, waits at most `patienceMs`, and reads only the
   * head of the answer.
   * @throws Error with the cause, when there was no HTTP answer
   */
  post(message: EventMessage): Promise<EventAnswer>;
  /** Aborts the posts that are under way. */
  close(): void;
}

/** Describes what is sent. */
export interface EventMessage {
  url: string;
  headers: Readonly<Record<string, string>>;
  body: Uint8Array;
  /** How long the whole post may take, in milliseconds. */
  patienceMs: number;
}

/** Describes what came back. */
export interface EventAnswer {
  status: number;
  /** The header Retry-After: seconds, or a date. */
  retryAfter?: string;
}
