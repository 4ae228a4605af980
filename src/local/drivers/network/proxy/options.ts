import type { DialOptions } from './dial.ts';

/** Describes how long connections wait for what. */
export interface ConnectionOptions extends DialOptions {
  /** A connection of unknown protocol whose endpoint is gone ends once it was quiet so long (milliseconds). */
  quietMs: number;
  /** An HTTP connection between requests whose endpoint closed it is kept for the client so long (milliseconds). */
  idleMs: number;
}
