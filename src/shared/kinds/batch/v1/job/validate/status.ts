import type { Cause } from '../../../../../errors/apiError.ts';
import type { Job, JobStatus } from '../../../../schema/types.ts';
import { duplicate, invalidTogether, invalidValue, required } from '../../../../validation/causes.ts';
import { fieldImmutable, nonNegative } from '../../../../validation/rules.ts';
import { isSame } from '../../../../validation/same.ts';
import { conditionHolds, isFinished } from '../conditions.ts';
import { countIndexes, overlapOf } from '../indexes.ts';

/** A status written by a controller, ours or another: most rules look at what the write changes only. */
export function validateStatus(job: Job, oldJob: Job): Cause[] {
  const status = job.status ?? {};
  const old = oldJob.status ?? {};
  return [
    ...validCounts(status),
    ...validEnd(status, old),
    ...validTimes(job, status, old),
    ...validPods(job, status, old),
    ...validIndexes(job, status, old),
    ...validCriteria(job, status, old),
    ...validTransition(job, status, old),
  ];
}

const conditions = 'status.conditions';
const changed = (status: JobStatus, old: JobStatus, ...types: string[]) =>
  types.some((type) => conditionHolds(status, type) !== conditionHolds(old, type));

function validCounts(status: JobStatus): Cause[] {
  const names = ['active', 'succeeded', 'failed', 'ready', 'terminating'] as const;
  const causes = names.flatMap((name) => nonNegative(`status.${name}`, status[name]));
  const seen = new Set<string>();
  for (const name of ['succeeded', 'failed'] as const)
    for (const [i, uid] of (status.uncountedTerminatedPods?.[name] ?? []).entries()) {
      const field = `status.uncountedTerminatedPods.${name}[${i}]`;
      if (uid === '') causes.push(invalidValue(field, uid, 'must not be empty'));
      else if (seen.has(uid)) causes.push(duplicate(field, uid));
      seen.add(uid);
    }
  return causes;
}

function validEnd(status: JobStatus, old: JobStatus): Cause[] {
  const complete = conditionHolds(status, 'Complete');
  const causes: Cause[] = [];
  for (const [type, why] of [
    ['Failed', 'cannot set Complete=True and Failed=true conditions'],
    ['FailureTarget', 'cannot set Complete=True and FailureTarget=true conditions'],
  ] as const)
    if (changed(status, old, 'Complete', type) && complete && conditionHolds(status, type))
      causes.push(invalidTogether(conditions, why));
  return causes;
}

function validTimes(job: Job, status: JobStatus, old: JobStatus): Cause[] {
  const { startTime, completionTime } = status;
  const complete = conditionHolds(status, 'Complete');
  const ends = changed(status, old, 'Complete') || completionTime !== old.completionTime;
  const field = 'status.completionTime';
  const causes: Cause[] = [];
  if (ends && completionTime && !complete) {
    const why = 'cannot set completionTime when there is no Complete=True condition';
    causes.push(invalidValue(field, completionTime, why));
  }
  if (ends && !completionTime && complete)
    causes.push(required(field, 'completionTime is required for Complete jobs'));
  const moved = startTime !== old.startTime || completionTime !== old.completionTime;
  if (moved && startTime && completionTime && Date.parse(completionTime) < Date.parse(startTime))
    causes.push(invalidValue(field, completionTime, 'must be equal to or after `startTime`'));
  if (changed(status, old, 'Failed') || status.failedIndexes !== old.failedIndexes) {
    const why = 'cannot set Failed=True condition without the FailureTarget=true condition';
    if (conditionHolds(status, 'Failed') && !conditionHolds(status, 'FailureTarget'))
      causes.push(invalidTogether(conditions, why));
  }
  if (changed(status, old, 'Complete', 'SuccessCriteriaMet')) {
    const why = 'cannot set Complete=True condition without the SuccessCriteriaMet=true condition';
    if (complete && !conditionHolds(status, 'SuccessCriteriaMet'))
      causes.push(invalidTogether(conditions, why));
  }
  return [...causes, ...validFinish(job, status, old)];
}

function validFinish({ spec }: Job, status: JobStatus, old: JobStatus): Cause[] {
  if (!isFinished(status)) return [];
  const finishes = !isFinished(old);
  const { active = 0, startTime, uncountedTerminatedPods: uncounted } = status;
  const causes: Cause[] = [];
  if ((finishes || active !== (old.active ?? 0)) && active > 0)
    causes.push(invalidValue('status.active', active, 'active>0 is invalid for finished job'));
  const nothingToDo = spec?.suspend && spec.completions === 0;
  if ((finishes || startTime !== old.startTime) && !startTime && !nothingToDo)
    causes.push(required('status.startTime', 'startTime is required for finished job'));
  const { succeeded = [], failed = [] } = uncounted ?? {};
  if ((finishes || !isSame(uncounted, old.uncountedTerminatedPods)) && succeeded.length + failed.length > 0) {
    const shown = { Succeeded: uncounted?.succeeded ?? null, Failed: uncounted?.failed ?? null };
    const field = 'status.uncountedTerminatedPods';
    causes.push(invalidValue(field, shown, 'must be empty for finished job'));
  }
  return causes;
}

function validIndexes({ spec }: Job, status: JobStatus, old: JobStatus): Cause[] {
  const { completedIndexes: completed = '', failedIndexes: failed } = status;
  const { completions, backoffLimitPerIndex, completionMode } = spec ?? {};
  const newCompleted = completed !== (old.completedIndexes ?? '');
  const newFailed = failed !== old.failedIndexes;
  const causes: Cause[] = [];
  const check = (name: string, text: string) => {
    const counted = countIndexes(text, completions ?? 0);
    if ('problem' in counted)
      causes.push(invalidValue(`status.${name}`, text, `error parsing ${name}: ${counted.problem}`));
  };
  if (newCompleted && completions !== undefined) check('completedIndexes', completed);
  if (newFailed && completions !== undefined && backoffLimitPerIndex !== undefined && failed !== undefined)
    check('failedIndexes', failed);
  if (newCompleted && completed !== '' && completionMode !== 'Indexed') {
    const why = 'cannot set non-empty completedIndexes when non-indexed completion mode';
    causes.push(invalidValue('status.completedIndexes', completed, why));
  }
  if (newFailed && failed !== undefined && backoffLimitPerIndex === undefined) {
    const why = 'cannot set non-null failedIndexes when backoffLimitPerIndex is null';
    causes.push(invalidValue('status.failedIndexes', failed, why));
  }
  const both = completions !== undefined && failed !== undefined && (newCompleted || newFailed);
  const overlap = both ? overlapOf(completed, failed, completions) : undefined;
  if (overlap !== undefined) {
    const why = `failedIndexes and completedIndexes overlap at index: ${overlap}`;
    causes.push(invalidValue('status.failedIndexes', failed, why));
  }
  return causes;
}

function validPods(_: Job, status: JobStatus, old: JobStatus): Cause[] {
  const { terminating = 0, ready, active = 0 } = status;
  const causes: Cause[] = [];
  const ends = isFinished(status) !== isFinished(old) || status.terminating !== old.terminating;
  if (ends && terminating > 0 && isFinished(status))
    causes.push(invalidValue('status.terminating', terminating, 'terminating>0 is invalid for finished job'));
  const counts = ready !== old.ready || active !== (old.active ?? 0);
  if (counts && ready !== undefined && ready > active)
    causes.push(invalidValue('status.ready', ready, 'cannot set more ready pods than active'));
  return causes;
}

function validCriteria({ spec }: Job, status: JobStatus, _old: JobStatus): Cause[] {
  const met = conditionHolds(status, 'SuccessCriteriaMet');
  const causes: Cause[] = [];
  if (met && conditionHolds(status, 'Failed'))
    causes.push(invalidTogether(conditions, 'cannot set SuccessCriteriaMet=True and Failed=true conditions'));
  if (met && conditionHolds(status, 'FailureTarget')) {
    const why = 'cannot set SuccessCriteriaMet=True and FailureTarget=true conditions';
    causes.push(invalidTogether(conditions, why));
  }
  if (spec?.successPolicy && !met && conditionHolds(status, 'Complete')) {
    const why = 'cannot set Complete=True for Job with SuccessPolicy unless SuccessCriteriaMet=True';
    causes.push(invalidTogether(conditions, why));
  }
  return causes;
}

/** What was once said stays said. */
function validTransition({ spec }: Job, status: JobStatus, old: JobStatus): Cause[] {
  const causes: Cause[] = [];
  for (const type of ['Failed', 'Complete', 'FailureTarget'])
    if (conditionHolds(old, type) && !conditionHolds(status, type))
      causes.push(invalidTogether(conditions, `cannot disable the terminal ${type}=True condition`));
  const shrinks = spec?.completionMode === 'Indexed' && spec.completions === spec.parallelism;
  for (const name of ['failed', 'succeeded'] as const) {
    const [now, before] = [status[name] ?? 0, old[name] ?? 0];
    if (now < before && !(name === 'succeeded' && shrinks))
      causes.push(invalidValue(`status.${name}`, now, `cannot decrease the ${name} counter`));
  }
  const { completionTime, startTime } = status;
  if (completionTime && old.completionTime && completionTime !== old.completionTime)
    causes.push(invalidValue('status.completionTime', completionTime, fieldImmutable));
  const resumes =
    conditionHolds(old, 'Suspended') &&
    status.conditions?.some((condition) => condition.type === 'Suspended' && condition.status === 'False');
  if (startTime !== old.startTime && !resumes && old.startTime && !spec?.suspend)
    causes.push(required('status.startTime', 'startTime cannot be removed for unsuspended job'));
  const met = conditionHolds(status, 'SuccessCriteriaMet');
  const wasMet = conditionHolds(old, 'SuccessCriteriaMet');
  if (wasMet && !met)
    causes.push(invalidTogether(conditions, 'cannot disable the SuccessCriteriaMet=True condition'));
  if (conditionHolds(old, 'Complete') && !wasMet && met) {
    const why = 'cannot set SuccessCriteriaMet=True for Job already has Complete=true conditions';
    causes.push(invalidTogether(conditions, why));
  }
  return causes;
}
