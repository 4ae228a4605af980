import type { Reading, Usage } from '../../ports/statistics.ts';

/** Describes how fast something uses CPU, and the memory it holds. */
export interface Rate {
  cpuNanocores: number;
  memoryBytes: number;
  /** Says when it was measured, in milliseconds since the epoch, over the `windowMs` before. */
  at: number;
  windowMs: number;
}

/** What is younger says nothing yet: metrics-server leaves such containers out too. */
const shortestMs = 1000;

/**
 * The rate between two readings. Without an earlier one, or when the counter has begun anew since, it is that of the
 * time since the start. Undefined when too little time has passed to tell.
 */
export function rateBetween(before: Reading | undefined, now: Usage): Rate | undefined {
  const goesOn = before && before.at >= now.since && before.cpuNanoseconds <= now.cpuNanoseconds;
  const [from, used] = goesOn
    ? [before.at, now.cpuNanoseconds - before.cpuNanoseconds]
    : [now.since, now.cpuNanoseconds];
  const windowMs = now.at - from;
  if (windowMs < shortestMs) return undefined;
  return {
    cpuNanocores: Math.round((used / windowMs) * 1000),
    memoryBytes: now.memoryBytes,
    at: now.at,
    windowMs,
  };
}
