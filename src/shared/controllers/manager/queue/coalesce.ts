import type { Clock } from '../../../clock/clock.ts';
import type { Order } from './queues.ts';
import { type Work, workId } from './work.ts';

/** Has many changes of one object's surroundings cost few runs of its key. */
export interface Coalescing {
  /**
   * The messages that have to be sent for work that is known now. The first one for a key goes at once, one more a window
   * later; what comes before that is delivered needs none: whoever gets it reads what is written by then.
   */
  orders(work: readonly Work[]): Order[];
  /** These were not sent. */
  forget(work: readonly Work[]): void;
}

/** Messages are delayed by whole seconds. */
const windowMs = 1_000;
const mostKeys = 10_000;

/** Remembers, for one process, when each key was sent: another process that sends it again does no harm. */
export function openCoalescing(clock: Clock): Coalescing {
  /** Says when the last message of a key is delivered at the earliest. */
  const delivered = new Map<string, number>();
  const orderOf = (work: Work, now: number): Order[] => {
    const last = delivered.get(workId(work)) ?? Number.NEGATIVE_INFINITY;
    if (last > now) return [];
    const delayMs = last + windowMs > now ? windowMs : 0;
    delivered.delete(workId(work));
    delivered.set(workId(work), now + delayMs);
    return [{ work, ...(delayMs > 0 && { delayMs }) }];
  };
  return {
    orders(all) {
      const now = clock.now();
      for (const [id, at] of delivered) {
        if (delivered.size <= mostKeys && at + windowMs > now) break;
        delivered.delete(id);
      }
      return all.flatMap((work) => orderOf(work, now));
    },
    forget(all) {
      for (const work of all) delivered.delete(workId(work));
    },
  };
}
