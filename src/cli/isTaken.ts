import type { Writable } from 'node:stream';

/** Is how much may wait to be written, in bytes, before nobody seems to read it. */
const mostUntaken = 1 << 20;

/**
 * Returns whether what is written to a stream is not held up by its reader. One that is gone for good holds nothing up, and no
 * restart brings its reader back: that is no reason to call the program unhealthy.
 */
export const isTaken = ({ destroyed, writableLength }: Writable): boolean =>
  destroyed || writableLength < mostUntaken;
