import type { Job, Pod } from '../../kinds/schema/types.ts';
import { podsAtOnce } from '../common/burst.ts';
import { podNames } from '../replicaset/names.ts';
import { byDeletion } from '../replicaset/rank.ts';
import { backoffLeft, indexBackoffLeft } from './backoff.ts';
import {
  indexOf,
  isIndexed,
  isSuspended,
  isTerminating,
  limitsPerIndex,
  validIndexOf,
  waitsForEnd,
} from './facts.ts';
import { merged, missingIndexes, withIndexes } from './intervals.ts';
import type { Observed, Tally } from './observed.ts';
import { namePrefix, podOf } from './podOf.ts';

/** Is what one run makes and removes so that as many Pods run as should. */
export interface Changes {
  create: Pod[];
  /** Pods that are too many: they are let go of before they have done anything that counts. */
  drop: Pod[];
  /** Says when Pods may be made that have to wait, in milliseconds. */
  waitMs?: number;
}

/** As many Pods as should run now; either some are made or some removed. */
export function changesFor(observed: Observed, tally: Tally): Changes {
  const { job, pods, now } = observed;
  const { active } = tally;
  const wanted = isSuspended(job) ? 0 : wantedActive(job, tally);
  const drop = surplus(job, active, isSuspended(job) ? active.length : Math.max(0, active.length - wanted));
  if (drop.length > 0 || isSuspended(job))
    return { create: [], drop: isSuspended(job) ? drop : drop.slice(0, podsAtOnce) };
  const ending = waitsForEnd(job) ? tally.terminating : 0;
  const missing = Math.min(podsAtOnce, wanted - ending - active.length);
  if (missing <= 0) return { create: [], drop };
  const wait = limitsPerIndex(job) ? 0 : backoffLeft(job, pods, now);
  if (wait > 0) return { create: [], drop, waitMs: wait };
  return isIndexed(job)
    ? { ...byIndex(observed, tally, missing), drop }
    : { create: newPods(observed, missing), drop };
}

function wantedActive({ spec }: Job, { active, succeeded }: Tally): number {
  const parallelism = spec?.parallelism ?? 1;
  // The Pods of a work queue know when it is empty: after the first success no more are made.
  if (spec?.completions === undefined) return succeeded > 0 ? active.length : parallelism;
  return Math.max(0, Math.min(parallelism, spec.completions - succeeded));
}

function surplus(job: Job, active: Pod[], atLeast: number): Pod[] {
  const doubles = isIndexed(job) ? withoutOwnIndex(job, active) : [];
  const others = byDeletion(active.filter((pod) => !doubles.includes(pod)));
  return [...doubles, ...others.slice(0, Math.max(0, atLeast - doubles.length))];
}

/** Pods without an index, with one that the Job has no more, or with that of another Pod of more use. */
function withoutOwnIndex(job: Job, active: Pod[]): Pod[] {
  return [...Map.groupBy(active, (pod) => indexOf(pod))].flatMap(([index, pods]) =>
    index === undefined || validIndexOf(pods[0]!, job) === undefined ? pods : byDeletion(pods).slice(0, -1),
  );
}

function newPods({ job, pods, epoch }: Observed, count: number): Pod[] {
  const names = namesFor(job, pods, epoch);
  return Array.from({ length: count }, () => podOf(job, names.next().value as string));
}

function byIndex(observed: Observed, tally: Tally, count: number): Omit<Changes, 'drop'> {
  const { job, pods, epoch, now } = observed;
  const { active, succeededIndexes, failedIndexes = [], toFollow } = tally;
  const busy = [...active, ...(waitsForEnd(job) ? pods.filter(isTerminating) : [])];
  const taken = withIndexes(
    merged(succeededIndexes, failedIndexes),
    busy.flatMap((pod) => indexOf(pod) ?? []),
  );
  const indexes = missingIndexes(taken, count, job.spec?.completions ?? 0);
  const waits = indexes.map((index) =>
    limitsPerIndex(job) ? indexBackoffLeft(toFollow.get(index), now) : 0,
  );
  const create = indexes
    .filter((_, i) => waits[i] === 0)
    .map((index) => {
      const name = namesFor(job, pods, epoch, index).next().value as string;
      return podOf(job, name, index, toFollow.get(index));
    });
  const later = waits.filter((ms) => ms > 0);
  return { create, ...(later.length > 0 && { waitMs: Math.min(...later) }) };
}

const namesFor = (job: Job, pods: Pod[], epoch: number, index?: number) =>
  podNames(
    { name: namePrefix(job, index), uid: `${job.metadata.uid}/${index ?? ''}` },
    epoch,
    new Set(pods.map(({ metadata }) => metadata.name ?? '')),
  );
