import { isReason } from '../../../errors/apiError.ts';
import { isNamespaceGoing } from '../../../errors/common.ts';
import type { Controller, ReconcileContext } from '../../controller.ts';
import type { Work } from './work.ts';

export type Outcome = 'done' | { afterMs: number } | { error: unknown };

const conflictTries = 4;
const conflictPauseMs = 100;
/** A key with that many rivals waits until they are done. */
const conflictRestMs = 1_000;

/** One reconcile, and what it led to. Never throws. */
export async function runKey(controller: Controller, work: Work, ctx: ReconcileContext): Promise<Outcome> {
  const { cluster, namespace, name } = work;
  for (let attempt = 1; ; attempt++) {
    try {
      const result = await controller.reconcile({ cluster, namespace, name }, ctx);
      return result ? { afterMs: result.requeueAfterMs } : 'done';
    } catch (error) {
      // What is still missing in a namespace that goes away shall not come any more.
      if (namespace && isNamespaceGoing(error)) return 'done';
      if (!isReason(error, 'Conflict')) {
        ctx.log.warn('reconcile failed', { namespace, name, error });
        return { error };
      }
      // Someone else was faster: expected under concurrency, and settled by reading again.
      if (attempt >= conflictTries) return { afterMs: conflictRestMs };
      await ctx.clock.sleep(Math.ceil(ctx.ids.random() * conflictPauseMs * attempt));
    }
  }
}
