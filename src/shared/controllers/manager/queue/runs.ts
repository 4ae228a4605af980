import type { Clock } from '../../../clock/clock.ts';
import { isReason } from '../../../errors/apiError.ts';
import { isNamespaceGoing } from '../../../errors/common.ts';
import { withSteps } from '../../../errors/steps.ts';
import type { Controller, ObjectKey, ReconcileContext } from '../../controller.ts';
import { openGate } from './gate.ts';
import { type Work, workId } from './work.ts';

/** Describes what a run led to: done; to look at again after a while; others to look at now; or failed. */
export interface Outcome {
  work: Work;
  afterMs?: number;
  wake?: ObjectKey[];
  error?: unknown;
}

/** Runs a key, or answers with the run that is under way. Never throws. */
export type Runs = (controller: Controller, work: Work) => Promise<Outcome>;

/** The runs of one delivery: each key once, as many of a controller at the same time as it allows. */
export function openRuns(
  controllers: readonly Controller[],
  contextOf: (work: Work) => ReconcileContext,
  { clock, budgetMs }: { clock: Clock; budgetMs?: number },
): { runs: Runs; end(): void } {
  const gates = new Map(controllers.map(({ name, concurrency = 16 }) => [name, openGate(concurrency)]));
  const known = new Map<string, Promise<Outcome>>();
  const ended = new AbortController();
  const late = budgetMs === undefined ? undefined : clock.sleep(budgetMs, ended.signal);
  const runs: Runs = (controller, work) => {
    const found = known.get(workId(work));
    if (found) return found;
    const run = gates.get(controller.name)!(() => runKey(controller, work, contextOf(work)));
    // It goes on as long as the composition lets it; on AWS it sends nothing more once the delivery is answered.
    const tooLate = late?.then(() => ({ work, error: new Error('not done in time') }));
    const outcome = tooLate ? Promise.race([run, tooLate]) : run;
    known.set(workId(work), outcome);
    return outcome;
  };
  return { runs, end: () => ended.abort(over) };
}

/** Nobody asks why: the error that is made without a reason costs more than many a run. */
const over = new Error('the delivery is over');

const conflictTries = 4;
const conflictPauseMs = 100;
/** A key with that many rivals waits until they are done. */
const conflictRestMs = 1_000;

async function runKey(controller: Controller, work: Work, ctx: ReconcileContext): Promise<Outcome> {
  const { cluster, namespace, name } = work;
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await controller.reconcile({ cluster, namespace, name }, ctx);
      if (!result) return { work };
      return 'wake' in result ? { work, wake: result.wake } : { work, afterMs: result.requeueAfterMs };
    } catch (error) {
      // What is still missing in a namespace that goes away shall not come any more.
      if (namespace && isNamespaceGoing(error)) return { work };
      if (!isReason(error, 'Conflict')) {
        const failure = withSteps(error);
        ctx.log.warn('reconcile failed', { namespace, name, error: failure });
        return { work, error: failure };
      }
      // Someone else was faster: expected under concurrency, and settled by reading again.
      if (attempt >= conflictTries) return { work, afterMs: conflictRestMs };
      await ctx.clock.sleep(Math.ceil(ctx.ids.random() * conflictPauseMs * attempt));
    }
  }
}
