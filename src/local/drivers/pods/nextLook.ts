/**
 * Returns how long to wait before the next look at what takes some milliseconds as a rule, in milliseconds, after `waitedMs` of
 * looking: what takes longer is no reason to keep a processor busy.
 */
export const nextLookMs = (waitedMs: number): number => Math.min(20, Math.max(1, Math.floor(waitedMs / 50)));
