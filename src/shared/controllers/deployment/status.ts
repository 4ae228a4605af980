import { formatTime } from '../../clock/clock.ts';
import type {
  Deployment,
  DeploymentCondition,
  DeploymentStatus,
  ReplicaSet,
} from '../../kinds/schema/types.ts';
import { fenceposts } from './rounding.ts';

const noDeadline = 2 ** 31 - 1;
const total = (
  sets: ReplicaSet[],
  field: 'replicas' | 'readyReplicas' | 'availableReplicas' | 'terminatingReplicas',
) => sets.reduce((n, rs) => n + (rs.status?.[field] ?? 0), 0);

/** The status after a step; `fresh` is the ReplicaSet of the current template. */
export function statusOf(
  d: Deployment,
  fresh: ReplicaSet | undefined,
  old: ReplicaSet[],
  now: number,
): DeploymentStatus {
  const all = fresh ? [...old, fresh] : old;
  const wanted = d.spec?.replicas ?? 1;
  const available = total(all, 'availableReplicas');
  const status: DeploymentStatus = {
    observedGeneration: d.metadata.generation ?? 0,
    ...count('replicas', total(all, 'replicas')),
    ...count('updatedReplicas', fresh?.status?.replicas ?? 0),
    ...count('readyReplicas', total(all, 'readyReplicas')),
    ...count('availableReplicas', available),
    ...count(
      'unavailableReplicas',
      Math.max(0, all.reduce((n, rs) => n + (rs.spec?.replicas ?? 1), 0) - available),
    ),
    terminatingReplicas: total(all, 'terminatingReplicas'),
    ...(d.status?.collisionCount !== undefined && { collisionCount: d.status.collisionCount }),
  };
  let conditions = d.status?.conditions ?? [];
  const enough = available >= wanted - fenceposts(d).maxUnavailable;
  conditions = withCondition(conditions, enough ? isAvailable : isUnavailable, now);
  conditions = withProgress(conditions, d, status, fresh, now);
  return { ...status, conditions };
}

const isAvailable = {
  type: 'Available',
  status: 'True',
  reason: 'MinimumReplicasAvailable',
  message: 'Deployment has minimum availability.',
};
const isUnavailable = {
  type: 'Available',
  status: 'False',
  reason: 'MinimumReplicasUnavailable',
  message: 'Deployment does not have minimum availability.',
};

/** Returns whether progress is limited in time; the greatest int32 means that it is not. */
export const hasDeadline = ({ spec }: Deployment): boolean =>
  spec?.progressDeadlineSeconds !== undefined && spec.progressDeadlineSeconds !== noDeadline;

/** Returns whether all wanted Pods are new and available, none is old, and the status is about the current spec. */
export const isComplete = (d: Deployment, s: DeploymentStatus): boolean => {
  const wanted = d.spec?.replicas ?? 1;
  return (
    [s.updatedReplicas, s.replicas, s.availableReplicas].every((n) => (n ?? 0) === wanted) &&
    (s.observedGeneration ?? 0) >= (d.metadata.generation ?? 0)
  );
};

function withProgress(
  conditions: DeploymentCondition[],
  d: Deployment,
  next: DeploymentStatus,
  fresh: ReplicaSet | undefined,
  now: number,
): DeploymentCondition[] {
  if (!hasDeadline(d)) return conditions.filter((c) => c.type !== 'Progressing');
  const current = conditions.find((c) => c.type === 'Progressing');
  const settled = next.replicas === next.updatedReplicas && current?.reason === 'NewReplicaSetAvailable';
  if (settled || d.spec?.paused) return conditions;
  const what = fresh ? `ReplicaSet "${fresh.metadata.name}"` : `Deployment "${d.metadata.name}"`;
  const progressing = { type: 'Progressing', status: 'True' };
  if (isComplete(d, next)) {
    const message = `${what} has successfully progressed.`;
    return withCondition(conditions, { ...progressing, reason: 'NewReplicaSetAvailable', message }, now);
  }
  if (hasProgressed(d.status ?? {}, next)) {
    const condition = { ...progressing, reason: 'ReplicaSetUpdated', message: `${what} is progressing.` };
    const since = current?.status === 'True' ? current.lastTransitionTime : undefined;
    return [
      ...conditions.filter((c) => c.type !== 'Progressing'),
      { ...stamped(condition, now), ...(since && { lastTransitionTime: since }) },
    ];
  }
  if (msUntilDeadline(d, now) <= 0) {
    const message = `${what} has timed out progressing.`;
    return withCondition(
      conditions,
      { type: 'Progressing', status: 'False', reason: 'ProgressDeadlineExceeded', message },
      now,
    );
  }
  return conditions;
}

const hasProgressed = (old: DeploymentStatus, next: DeploymentStatus) =>
  (next.updatedReplicas ?? 0) > (old.updatedReplicas ?? 0) ||
  (next.replicas ?? 0) - (next.updatedReplicas ?? 0) < (old.replicas ?? 0) - (old.updatedReplicas ?? 0) ||
  (next.readyReplicas ?? 0) > (old.readyReplicas ?? 0) ||
  (next.availableReplicas ?? 0) > (old.availableReplicas ?? 0);

/** Infinity when it cannot time out (any more). */
export function msUntilDeadline(d: Deployment, now: number): number {
  const current = d.status?.conditions?.find((c) => c.type === 'Progressing');
  const settled = ['NewReplicaSetAvailable', 'ProgressDeadlineExceeded'].includes(current?.reason ?? '');
  if (!hasDeadline(d) || !current || settled || d.spec?.paused) return Number.POSITIVE_INFINITY;
  return Date.parse(current.lastUpdateTime ?? '') + (d.spec?.progressDeadlineSeconds ?? 0) * 1000 - now;
}

type Claim = Pick<DeploymentCondition, 'type' | 'status' | 'reason' | 'message'>;

const stamped = (claim: Claim, now: number): DeploymentCondition => ({
  type: claim.type,
  status: claim.status,
  lastUpdateTime: formatTime(now),
  lastTransitionTime: formatTime(now),
  reason: claim.reason ?? '',
  message: claim.message ?? '',
});

/** Replaces the condition of that type, newest last; one with the same status and reason stays as it is. */
export function withCondition(conditions: DeploymentCondition[], claim: Claim, now: number) {
  const current = conditions.find((c) => c.type === claim.type);
  if (current?.status === claim.status && current?.reason === claim.reason) return conditions;
  const since = current?.status === claim.status ? current.lastTransitionTime : undefined;
  return [
    ...conditions.filter((c) => c.type !== claim.type),
    { ...stamped(claim, now), ...(since && { lastTransitionTime: since }) },
  ];
}

/** Zero counts are not written. */
const count = (field: string, value: number) => (value > 0 ? { [field]: value } : {});
