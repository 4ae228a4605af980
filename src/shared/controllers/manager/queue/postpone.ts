import type { Clock } from '../../../clock/clock.ts';
import type { Controller } from '../../controller.ts';
import { sendWork } from './outbox.ts';
import { longestDelayMs, type Timers, type WorkQueues } from './queues.ts';
import type { Outcome } from './runs.ts';
import { workId } from './work.ts';

/** Messages are delayed by whole seconds. */
const leastMs = 1_000;

/**
 * Sends a delayed message for each key to look at again that has none under way. Answers the ids of the work for which
 * that failed. A process that dies between the two leaves a key without its message: the resync looks at it again.
 */
export async function postpone(
  outcomes: readonly Outcome[],
  deps: { controllers: readonly Controller[]; queues: WorkQueues; timers: Timers; clock: Clock },
): Promise<Map<string, unknown>> {
  const { controllers, queues, timers, clock } = deps;
  const failed = new Map<string, unknown>();
  const now = clock.now();
  const wanted = new Map(outcomes.map((outcome) => [workId(outcome.work), outcome]));
  const claimed = await Promise.all(
    [...wanted.values()].map(async ({ work: { since: _, ...work }, afterMs }) => {
      if (afterMs === undefined) return [];
      const delayMs = Math.min(longestDelayMs, Math.max(leastMs, Math.ceil(afterMs)));
      try {
        return (await timers.claim(work, now + delayMs)) ? [{ work, delayMs }] : [];
      } catch (error) {
        failed.set(workId(work), error);
        return [];
      }
    }),
  );
  const unsent = await sendWork(claimed.flat(), controllers, queues);
  for (const { work, delayMs = 0 } of unsent) {
    failed.set(workId(work), new Error('its delayed message could not be sent'));
    await timers.release(work, now + delayMs).catch(() => {});
  }
  return failed;
}
