import { formatTime } from '../../clock/clock.ts';
import { isReason } from '../../errors/apiError.ts';
import type { CronJob, CronJobStatus, Job } from '../../kinds/schema/types.ts';
import { controllerOf } from '../../meta/object.ts';
import { same } from '../common/hash.ts';
import { unlessGone } from '../common/ignore.ts';
import { controllerKeys } from '../common/members.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { cronJobs, jobs } from '../resources.ts';
import { type Plan, plan } from './plan.ts';

/** Creates the Jobs of each CronJob at their times, and removes old ones by the history limits. */
export const cronJob: Controller = {
  name: 'cronjob-controller',
  watches: [
    watching<CronJob>({ resource: cronJobs, keys: (object) => [keyOf(object)] }),
    watching<Job>({
      resource: jobs,
      keys: (job, old) => controllerKeys('CronJob', job, old),
    }),
  ],

  async reconcile({ namespace, name }, ctx) {
    const { client, clock } = ctx;
    const object = await client.get(cronJobs, namespace, name);
    if (!object) return undefined;
    const { uid = '' } = object.metadata;
    const mine = (await client.list(jobs, { namespace, owner: uid })).filter(
      (job) => controllerOf(job)?.uid === uid,
    );
    const todo = plan({ cronJob: object, jobs: mine, now: clock.now() });
    await apply(object, todo, ctx);
    const { requeueAfterMs } = todo;
    return requeueAfterMs === undefined || requeueAfterMs === Number.POSITIVE_INFINITY
      ? undefined
      : { requeueAfterMs };
  },
};

async function apply(object: CronJob, todo: Plan, ctx: ReconcileContext): Promise<void> {
  const { client, events } = ctx;
  const { namespace = '' } = object.metadata;
  for (const event of todo.events) events(object, event);
  for (const { metadata } of todo.delete) {
    const { name = '', uid = '' } = metadata;
    await unlessGone(client.delete(jobs, namespace, name, { uid, propagationPolicy: 'Background' }));
    events(object, { type: 'Normal', reason: 'SuccessfulDelete', message: `Deleted job ${name}` });
  }
  const made = todo.create && (await create(object, todo.create.job, ctx));
  const status = made ? withJob(todo.status, made, todo.create!.at) : todo.status;
  if (same(status, object.status ?? {})) return;
  await unlessGone(client.updateStatus(cronJobs, { ...object, status }));
}

/** The Job that there is now; undefined when its name is taken by somebody else's. */
async function create(object: CronJob, job: Job, ctx: ReconcileContext): Promise<Job | undefined> {
  const { client, events } = ctx;
  try {
    const made = await client.create(jobs, job);
    const message = `Created job ${made.metadata.name}`;
    events(object, { type: 'Normal', reason: 'SuccessfulCreate', message });
    return made;
  } catch (error) {
    if (!isReason(error, 'AlreadyExists')) {
      const why = error instanceof Error ? error.message : String(error);
      events(object, { type: 'Warning', reason: 'FailedCreate', message: `Error creating job: ${why}` });
      throw error;
    }
  }
  // An earlier run made it, and ended before it could say so.
  const { namespace = '', uid } = object.metadata;
  const there = await client.get(jobs, namespace, job.metadata.name ?? '');
  return there && controllerOf(there)?.uid === uid ? there : undefined;
}

function withJob(status: CronJobStatus, { metadata }: Job, at: number): CronJobStatus {
  const { namespace, name, uid, resourceVersion } = metadata;
  const reference = { kind: 'Job', namespace, name, uid, apiVersion: 'batch/v1', resourceVersion };
  const others = (status.active ?? []).filter((other) => other.uid !== uid);
  const lastScheduleTime = formatTime(at);
  return { ...status, active: [...others, reference] as CronJobStatus['active'] & object, lastScheduleTime };
}
