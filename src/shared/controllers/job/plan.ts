import { formatTime } from '../../clock/clock.ts';
import type { Job, JobStatus, Pod } from '../../kinds/schema/types.ts';
import { isReady } from '../common/pods.ts';
import type { EventFacts } from '../controller.ts';
import { newCondition, withCondition } from './conditions.ts';
import { isSuspended } from './facts.ts';
import { type Changes, changesFor } from './manage.ts';
import { type Observed, tallyOf } from './observed.ts';
import { completed, final, interim, msUntilDeadline, type Outcome, outcomeOf } from './outcome.ts';
import { counted, track } from './track.ts';

export type { Observed } from './observed.ts';

/** Describes what one run does, in this order. */
export interface Plan extends Changes {
  /** Pods to delete that count when they are gone: the Job ends without them. */
  stop: Pod[];
  /** The status before Pods are let go of, and after. */
  before: JobStatus;
  release: Pod[];
  after: JobStatus;
  /** Events about the status. */
  events: EventFacts[];
  requeueAfterMs?: number;
}

/** One step of a Job that has not finished. */
export function plan(observed: Observed): Plan {
  const { now } = observed;
  const job = started(observed.job, now);
  const seen = { ...observed, job };
  const tally = tallyOf(seen);
  const decided = outcomeOf(seen, tally);
  const changes = decided || job.metadata.deletionTimestamp ? idle : changesFor(seen, tally);
  const stop = decided ? tally.active : [];
  const gone = [...stop, ...changes.drop];
  const active = tally.active.length - gone.length + changes.create.length;
  const outcome = decided ?? completed(job, tally.succeeded, active);
  const events: EventFacts[] = [];
  const pace = outcome || job.metadata.deletionTimestamp ? (job.status ?? {}) : paced(job, now, events);
  const counts = {
    active,
    ready: tally.ready - gone.filter(isReady).length,
    terminating: tally.terminating + gone.length,
  };
  const tracking = track({ ...seen, job: { ...job, status: pace } }, tally, outcome);
  const before = tidy({ ...tracking.status, ...counts, ...said(tracking.status, outcome, now) });
  const released = new Set(tracking.release);
  const uncounted = seen.pods.filter((pod) => !released.has(pod));
  const total = counted(before, uncounted);
  const after = tidy(outcome && !tracking.isPartial ? finished(job, total, outcome, now, events) : total);
  const waits = [
    changes.waitMs ?? Number.POSITIVE_INFINITY,
    outcome ? Number.POSITIVE_INFINITY : msUntilDeadline({ ...job, status: after }, now),
  ];
  const wait = tracking.isPartial ? 1 : Math.min(...waits);
  return {
    ...changes,
    stop,
    before,
    release: tracking.release,
    after,
    events,
    ...(wait < Number.POSITIVE_INFINITY && { requeueAfterMs: Math.max(1, wait) }),
  };
}

const idle: Changes = { create: [], drop: [] };

/** The time that the deadline counts from. */
const started = (job: Job, now: number): Job =>
  job.status?.startTime || isSuspended(job)
    ? job
    : { ...job, status: { ...job.status, startTime: formatTime(now) } };

/** Says that it was suspended, or resumed: then the deadline counts anew. */
function paced(job: Job, now: number, events: EventFacts[]): JobStatus {
  const { status = {} } = job;
  const suspended = isSuspended(job);
  const [reason, message] = suspended ? ['Suspended', 'Job suspended'] : ['Resumed', 'Job resumed'];
  const next = newCondition('Suspended', suspended ? 'True' : 'False', `Job${reason}`, message, now);
  const conditions = withCondition(status.conditions ?? [], next);
  if (!conditions) return status;
  events.push({ type: 'Normal', reason, message });
  return { ...status, conditions, ...(!suspended && { startTime: formatTime(now) }) };
}

const said = ({ conditions = [] }: JobStatus, outcome: Outcome | undefined, now: number) =>
  outcome && !outcome.isSaid ? { conditions: [...conditions, interim(outcome, now)] } : {};

/** The end, once every Pod is counted and gone. */
function finished(
  { spec }: Job,
  status: JobStatus,
  outcome: Outcome,
  now: number,
  events: EventFacts[],
): JobStatus {
  const { succeeded = [], failed = [] } = status.uncountedTerminatedPods ?? {};
  if (succeeded.length + failed.length > 0 || (status.terminating ?? 0) > 0) return status;
  if (!outcome.succeeds) events.push({ type: 'Warning', reason: outcome.reason, message: outcome.message });
  else {
    if (spec?.completions !== undefined && (status.succeeded ?? 0) > spec.completions) {
      const message = 'Too many succeeded pods running after completion count reached';
      events.push({ type: 'Warning', reason: 'TooManySucceededPods', message });
    }
    events.push({ type: 'Normal', reason: 'Completed', message: 'Job completed' });
  }
  return {
    ...status,
    conditions: [...(status.conditions ?? []), final(outcome, now)],
    ...(outcome.succeeds && { completionTime: formatTime(now) }),
  };
}

/** Counts of nothing are left out, but for those that are always written. */
function tidy({ active, succeeded, failed, completedIndexes, ...rest }: JobStatus): JobStatus {
  return {
    ...rest,
    ...(active && { active }),
    ...(succeeded && { succeeded }),
    ...(failed && { failed }),
    ...(completedIndexes && { completedIndexes }),
  };
}
