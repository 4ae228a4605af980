import type { Clock } from '../../../shared/clock/clock.ts';
import type { Ids } from '../../../shared/clock/ids.ts';
import type { Retention } from '../../../shared/storage/log/retention.ts';
import type { DynamoClient } from './sender.ts';

export interface DynamoOptions {
  /** Its requests must time out within `holdMs`, and it must try nothing again by itself. */
  client: DynamoClient;
  /** Name of the table: string keys `pk` and `sk`, TTL on `expires`. */
  table: string;
  clock: Clock;
  /** Request tokens and jitter. */
  ids: Ids;
  retention?: Partial<Retention>;
  /** Tells that something may have changed (a stream record, a message): watches read at once. Returns how to stop. */
  wakeUps?: (wake: (cluster: string, resource: string) => void) => () => void;
  timings?: Partial<Timings>;
  /** Resources that are written so rarely that one more write is cheap, and many reads of one item are dear: see heads.ts. */
  seldom?: readonly string[];
  /** Says whether the table has the format in which log entries are packed; asked when something is written. Default: it has. */
  packs?: () => boolean;
  /** Tries before a request fails with ServiceUnavailable. */
  attempts?: number;
}

export interface Timings {
  /** Says how often a watch reads the log when nobody wakes it. */
  pollMs: number;
  /** Says how often a reader looks again at a revision that is reserved but not written. */
  holePollMs: number;
  /** After this long a reader gives such a revision up for its writer. */
  holeMs: number;
  /** A writer sends nothing for a revision that it reserved longer ago. */
  holdMs: number;
  /** A revision reserved longer ago is written or never will be: at least twice `holdMs`, for clocks that differ. */
  graceMs: number;
  /** The log's entries may go this long after the retention no longer asks for them. */
  ttlMarginMs: number;
}

/** Longer than a transaction takes to become visible as a whole. */
export const commitMs = 2_000;

export const defaultTimings: Timings = {
  pollMs: 1_000,
  holePollMs: 20,
  holeMs: 1_000,
  holdMs: 30_000,
  graceMs: 90_000,
  ttlMarginMs: 3_600_000,
};
