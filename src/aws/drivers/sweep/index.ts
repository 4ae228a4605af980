import type { Clock } from '../../../shared/clock/clock.ts';
import { table } from '../../../shared/meta/table.ts';
import type { Logger } from '../../../shared/observability/logger.ts';

/** Removes all of one kind. Answers how many are still there: AWS may hold them for a while. */
export interface Stage {
  name: string;
  run(enough: () => boolean): Promise<number>;
}

export interface SweepOptions {
  /** In the order in which one lets go of the next. */
  stages: Stage[];
  clock: Clock;
  log: Logger;
  /** Says when to stop: milliseconds since the epoch. What is left then is there for the next sweep. */
  until: number;
  /** Between two rounds, while AWS holds something. Default 5 s. */
  pauseMs?: number;
}

/**
 * Removes everything that a deployment made at run time, as often as it takes. It reads what there is each time, so an
 * interrupted sweep goes on where it was. A stage that fails holds up no other. Answers what is left, by stage.
 */
export async function sweep(options: SweepOptions): Promise<Record<string, number | string>> {
  const { stages, clock, log, until, pauseMs = 5_000 } = options;
  const enough = () => clock.now() >= until;
  for (;;) {
    const left: Record<string, number | string> = table({});
    for (const stage of stages) {
      try {
        const count = await stage.run(enough);
        if (count > 0) left[stage.name] = count;
      } catch (error) {
        log.warn('a stage of the sweep failed', { stage: stage.name, error });
        left[stage.name] = error instanceof Error ? error.message : String(error);
      }
    }
    if (Object.keys(left).length === 0 || clock.now() + pauseMs >= until) return left;
    log.info('waiting for what AWS still holds', { left });
    await clock.sleep(pauseMs);
  }
}

/**
 * Works through items while there is time; answers how many are left. One that fails holds up no other: the first
 * failure is thrown at the end.
 */
export async function each<T>(
  items: readonly T[],
  enough: () => boolean,
  work: (item: T) => Promise<unknown>,
): Promise<number> {
  let left = items.length;
  const failures: unknown[] = [];
  for (const item of items) {
    if (enough()) break;
    try {
      await work(item);
      left--;
    } catch (error) {
      failures.push(error);
    }
  }
  if (failures.length > 0) throw failures[0];
  return left;
}
