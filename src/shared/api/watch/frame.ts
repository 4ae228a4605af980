import { ApiError } from '../../errors/apiError.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Seen } from './seen.ts';

/** The lines of one watch, in the representation its client asked for. */
export interface Frames {
  event(seen: Seen): Uint8Array;
  /**
   * Returns what there is when a watch begins: encoded for this watch alone, so that nothing is kept for every object.
   */
  initial(stored: Stored): Uint8Array;
  /** `initialEventsEnd` says that everything there was has been told. */
  bookmark(revision: string, initialEventsEnd?: boolean): Uint8Array;
  error(error: unknown): Uint8Array;
}

/** Metadata of a bookmark. */
export const bookmarkMetadata = (resourceVersion: string, initialEventsEnd: boolean | undefined) => ({
  resourceVersion,
  ...(initialEventsEnd && { annotations: { 'k8s.io/initial-events-end': 'true' } }),
});

/** Clients know a history that has been forgotten by these words. */
export function asTooOld(error: unknown): unknown {
  if (!(error instanceof ApiError) || error.reason !== 'Expired') return error;
  return error.message.startsWith('too old')
    ? error
    : new ApiError('Expired', `too old resource version: ${error.message}`);
}
