import type { Deployment, DeploymentStatus, ReplicaSet } from '../../kinds/schema/types.ts';
import { same } from '../common/hash.ts';
import {
  annotationsFor,
  findNew,
  larger,
  newReplicaSet,
  revisionAnnotation,
  revisionOf,
  sizeAnnotations,
} from './revision.ts';
import { fenceposts } from './rounding.ts';
import { growNew, isScaling, proportional, type Sizes, shrinkOld, sizeOf } from './scale.ts';
import { hasDeadline, isComplete, msUntilDeadline, statusOf, withCondition } from './status.ts';

export interface Observed {
  deployment: Deployment;
  /** Those it controls. */
  replicaSets: ReplicaSet[];
  /** Says whether Pods of old ReplicaSets still run; Recreate waits for them, and for their ReplicaSets to say so. */
  oldPodsRun: boolean;
  now: number;
}

export interface Plan {
  create?: ReplicaSet;
  /** ReplicaSets to change: their size, their annotations, or both. */
  update: {
    rs: ReplicaSet;
    replicas: number;
    annotations: Record<string, string>;
    minReadySeconds?: number;
  }[];
  delete: ReplicaSet[];
  status: DeploymentStatus;
  /** The Deployment's own revision annotation, written with its status. */
  revision?: string;
  requeueAfterMs?: number;
}

/** One step towards the template and size that the Deployment asks for. */
export function plan({ deployment: d, replicaSets, oldPodsRun, now }: Observed): Plan {
  const live = replicaSets.filter((rs) => !rs.metadata.deletionTimestamp);
  const fresh = findNew(d, live);
  const old = live.filter((rs) => rs !== fresh);
  if (d.metadata.deletionTimestamp) return settle(d, fresh, old, [], now);
  const paused = pausing(d, now);
  if (d.spec?.paused || paused)
    return settle(paused ?? d, fresh, old, [], now, sized(d, proportional(d, fresh, old)));
  if (
    isScaling(
      d,
      live.filter((rs) => sizeOf(rs) > 0),
    )
  )
    return settle(d, fresh, old, [], now, sized(d, proportional(d, fresh, old)));

  const revision = old.map(revisionOf).reduce(larger, 0n) + 1n;
  const recreate = d.spec?.strategy?.type === 'Recreate';
  if (recreate) {
    const running = old.filter((rs) => sizeOf(rs) > 0);
    if (running.length > 0)
      return settle(
        d,
        fresh,
        old,
        [],
        now,
        sized(
          d,
          running.map((rs) => ({ rs, replicas: 0 })),
        ),
      );
    const oldPodsCount = old.some((rs) => (rs.status?.replicas ?? 0) > 0);
    if ((oldPodsRun || oldPodsCount) && (!fresh || sizeOf(fresh) === 0))
      return settle(d, fresh, old, [], now);
  }
  if (!fresh) return create(d, old, revision, now);

  const own = larger(revision, revisionOf(fresh));
  const annotations = annotationsFor(d, fresh, revision);
  const next = recreate ? (d.spec?.replicas ?? 1) : growNew(d, fresh, old);
  const minReadySeconds = d.spec?.minReadySeconds ?? 0;
  if (
    next !== sizeOf(fresh) ||
    !same(annotations, fresh.metadata.annotations ?? {}) ||
    minReadySeconds !== (fresh.spec?.minReadySeconds ?? 0)
  )
    return settle(d, fresh, old, [], now, [{ rs: fresh, replicas: next, annotations, minReadySeconds }], own);
  const shrink = recreate ? [] : shrinkOld(d, fresh, old);
  if (shrink.length > 0) return settle(d, fresh, old, [], now, sized(d, shrink), own);
  const status = statusOf(d, fresh, old, now);
  return settle(d, fresh, old, isComplete(d, status) ? surplus(d, old) : [], now, [], own);
}

function create(d: Deployment, old: ReplicaSet[], revision: bigint, now: number): Plan {
  const wanted = d.spec?.replicas ?? 1;
  const room = wanted + fenceposts(d).maxSurge - old.reduce((n, rs) => n + sizeOf(rs), 0);
  const recreate = d.spec?.strategy?.type === 'Recreate';
  const fresh = newReplicaSet(d, revision, recreate ? wanted : Math.max(0, Math.min(room, wanted)));
  const claim = {
    type: 'Progressing',
    status: 'True',
    reason: 'NewReplicaSetCreated',
    message: `Created new replica set "${fresh.metadata.name}"`,
  };
  const conditions = withCondition(d.status?.conditions ?? [], claim, now);
  return {
    create: fresh,
    update: [],
    delete: [],
    status: { ...d.status, conditions },
    revision: String(revision),
  };
}

function settle(
  d: Deployment,
  fresh: ReplicaSet | undefined,
  old: ReplicaSet[],
  remove: ReplicaSet[],
  now: number,
  update: Plan['update'] = [],
  revision?: bigint,
): Plan {
  const status = statusOf(d, fresh, old, now);
  const wait = msUntilDeadline({ ...d, status }, now);
  return {
    update,
    delete: remove,
    status,
    ...(revision &&
      String(revision) !== d.metadata.annotations?.[revisionAnnotation] && { revision: String(revision) }),
    ...(wait < Number.POSITIVE_INFINITY && { requeueAfterMs: Math.max(1000, wait + 1000) }),
  };
}

const sized = (d: Deployment, sizes: Sizes): Plan['update'] =>
  sizes
    .map(({ rs, replicas }) => ({
      rs,
      replicas,
      annotations: { ...rs.metadata.annotations, ...sizeAnnotations(d) },
    }))
    .filter(
      ({ rs, replicas, annotations }) =>
        replicas !== sizeOf(rs) || !same(annotations, rs.metadata.annotations),
    );

/** The Deployment with the condition that says it was just paused or resumed; undefined when it says so already. */
function pausing(d: Deployment, now: number): Deployment | undefined {
  const current = d.status?.conditions?.find((c) => c.type === 'Progressing');
  const says = current?.reason === 'DeploymentPaused';
  if (!hasDeadline(d) || says === !!d.spec?.paused || current?.reason === 'ProgressDeadlineExceeded')
    return undefined;
  const claim = d.spec?.paused
    ? { reason: 'DeploymentPaused', message: 'Deployment is paused' }
    : { reason: 'DeploymentResumed', message: 'Deployment is resumed' };
  const conditions = withCondition(
    d.status?.conditions ?? [],
    { type: 'Progressing', status: 'Unknown', ...claim },
    now,
  );
  return { ...d, status: { ...d.status, conditions } };
}

/** Old ReplicaSets beyond the history limit that have nothing left to do. */
function surplus(d: Deployment, old: ReplicaSet[]): ReplicaSet[] {
  const excess = old.length - (d.spec?.revisionHistoryLimit ?? 10);
  if (excess <= 0) return [];
  return [...old]
    .sort((a, b) => Number(revisionOf(a) - revisionOf(b)))
    .slice(0, excess)
    .filter(
      (rs) =>
        sizeOf(rs) === 0 &&
        (rs.status?.replicas ?? 0) === 0 &&
        (rs.status?.observedGeneration ?? 0) >= (rs.metadata.generation ?? 0),
    );
}
