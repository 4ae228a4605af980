/** What may go wrong, as probabilities per request, and how long things take, in milliseconds of the clock. */
export interface Faults {
  /** Longest way of a request, and of its answer. */
  delayMs: number;
  /** A few requests take up to this long. */
  slow: number;
  slowMs: number;
  throttle: number;
  /** A transaction is cancelled with TransactionConflict, as by a reader or writer that we do not see. */
  conflict: number;
  /** The answer never comes; whether the request did, or when, is open. */
  lose: number;
  /** A transaction's items become visible one after the other within this time. */
  commitMs: number;
}

export const noFaults: Faults = {
  delayMs: 0,
  slow: 0,
  slowMs: 0,
  throttle: 0,
  conflict: 0,
  lose: 0,
  commitMs: 0,
};

export const allFaults: Faults = {
  delayMs: 12,
  slow: 0.03,
  slowMs: 3_000,
  throttle: 0.05,
  conflict: 0.05,
  lose: 0.05,
  commitMs: 8,
};
