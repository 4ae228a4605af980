import type { DynamoClient } from '../../../src/aws/drivers/dynamodb/sender.ts';
import type { KnownTable } from '../../../src/aws/knownFormat.ts';
import type { Clock } from '../../../src/shared/clock/clock.ts';
import type { openProcess } from './deployedProcess.ts';

/** How the simulation of a deployment may differ from what most histories have. */
export interface WorldOptions {
  /** How many functions the account runs at the same time. Default: as many as are wanted. */
  concurrency?: number;
  /** How many of them are the same one. Default 2. */
  atOnce?: number;
  /** Seconds between two tellings of what a Pod uses; absent: nobody measures Pods. */
  podMetrics?: number;
  /**
   * Deliveries are as Lambda makes them, of all that is there when a shard's turn comes, four times a second, and not of any
   * part at any time.
   */
  regular?: boolean;
  /** What a process knows of the table's format, by its serial; default: that it packs. */
  known?(client: DynamoClient, serial: number, clock: Clock): KnownTable;
  /** Opens a process, by its serial, in the version that it has; default: this one. */
  versionOf?(serial: number): typeof openProcess;
}
