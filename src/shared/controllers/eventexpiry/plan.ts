import type { Event } from '../../kinds/schema/types.ts';

const lifeMs = 3_600_000;
const least = 300_000;

/** Returns when an Event was last seen, in milliseconds. */
const seenAt = (e: Event): number =>
  Date.parse(
    e.series?.lastObservedTime ?? e.lastTimestamp ?? e.eventTime ?? e.metadata.creationTimestamp ?? '',
  ) || 0;

/** Events to remove, and when it is worth to look again: when the oldest of the others expires. */
export function plan(all: Event[], now: number): { expired: Event[]; nextLookMs: number } {
  const expired = all.filter((e) => seenAt(e) + lifeMs <= now);
  const gone = new Set(expired);
  const oldest = all.filter((e) => !gone.has(e)).reduce((min, e) => Math.min(min, seenAt(e)), now);
  return { expired, nextLookMs: Math.max(least, oldest + lifeMs - now) };
}
