import type { Clock } from '../../../clock/clock.ts';
import type { Controller } from '../../controller.ts';
import type { Order } from './queues.ts';
import { type Work, workId } from './work.ts';

/** Has many changes of one object's surroundings cost few runs of its key. */
export interface Coalescing {
  /**
   * The messages that have to be sent for work that is known now. The first one for a key goes at once, one more a window
   * of its controller later; what comes before that is delivered needs none: whoever gets it reads what is written by then.
   */
  orders(work: readonly Work[]): Order[];
  /** These were not sent. */
  forget(work: readonly Work[]): void;
}

/** Messages are delayed by whole seconds. */
const secondMs = 1_000;
const usualWindowMs = secondMs;
const mostKeys = 10_000;

/** Remembers, for one process, when each key was sent: another process that sends it again does no harm. */
export function openCoalescing(
  clock: Clock,
  controllers: readonly Pick<Controller, 'name' | 'windowMs'>[] = [],
): Coalescing {
  const windows = new Map(controllers.map(({ name, windowMs = usualWindowMs }) => [name, windowMs]));
  const longestMs = Math.max(usualWindowMs, ...windows.values());
  /** Says when the last message of a key is delivered at the earliest. */
  const delivered = new Map<string, number>();
  const orderOf = (work: Work, now: number): Order[] => {
    const last = delivered.get(workId(work)) ?? Number.NEGATIVE_INFINITY;
    if (last > now) return [];
    const windowMs = windows.get(work.controller) ?? usualWindowMs;
    const delayMs = Math.max(0, Math.ceil((last + windowMs - now) / secondMs) * secondMs);
    delivered.delete(workId(work));
    delivered.set(workId(work), now + delayMs);
    return [{ work, ...(delayMs > 0 && { delayMs }) }];
  };
  return {
    orders(all) {
      const now = clock.now();
      for (const [id, at] of delivered) {
        if (delivered.size <= mostKeys && at + longestMs > now) break;
        delivered.delete(id);
      }
      return all.flatMap((work) => orderOf(work, now));
    },
    forget(all) {
      for (const work of all) delivered.delete(workId(work));
    },
  };
}
