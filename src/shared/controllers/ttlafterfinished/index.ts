import type { Job } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { jobs } from '../resources.ts';
import { msUntilExpiry } from './plan.ts';

/** Deletes finished Jobs after their `ttlSecondsAfterFinished`. */
export const ttlAfterFinished: Controller = {
  name: 'ttl-after-finished-controller',
  watches: [
    watching<Job>({
      resource: jobs,
      keys: (job, _, { deleted }) =>
        !deleted && msUntilExpiry(job, 0) < Number.POSITIVE_INFINITY ? [keyOf(job)] : [],
    }),
  ],

  async reconcile({ cluster, namespace, name }, { env, clock }) {
    // On the API's word, not on a cache's: the time may have been made longer.
    const live = env.clients(cluster);
    const job = await live.get(jobs, namespace, name);
    const remainingMs = job ? msUntilExpiry(job, clock.now()) : Number.POSITIVE_INFINITY;
    if (!job || remainingMs === Number.POSITIVE_INFINITY) return undefined;
    if (remainingMs > 0) return { requeueAfterMs: remainingMs };
    const { uid = '' } = job.metadata;
    await unlessGone(live.delete(jobs, namespace, name, { uid, propagationPolicy: 'Foreground' }));
    return undefined;
  },
};
