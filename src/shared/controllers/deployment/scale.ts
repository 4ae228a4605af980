import type { Deployment, ReplicaSet } from '../../kinds/schema/types.ts';
import { byAge, desiredAnnotation, maxAnnotation } from './revision.ts';
import { fenceposts } from './rounding.ts';

/** ReplicaSets with the number of Pods each should have. */
export type Sizes = { rs: ReplicaSet; replicas: number }[];

/** Returns the replicas that a ReplicaSet asks for, not those that it has. */
export const sizeOf = (rs: ReplicaSet): number => rs.spec?.replicas ?? 1;
const sum = (sets: ReplicaSet[], of: (rs: ReplicaSet) => number) => sets.reduce((n, rs) => n + of(rs), 0);
const available = (rs: ReplicaSet) => rs.status?.availableReplicas ?? 0;

/** Returns whether the Deployment's size changed since its ReplicaSets were sized. */
export const isScaling = (d: Deployment, active: ReplicaSet[]): boolean =>
  active.some((rs) => {
    const desired = rs.metadata.annotations?.[desiredAnnotation];
    return desired !== undefined && Number(desired) !== (d.spec?.replicas ?? 1);
  });

/** Spreads a changed size over all active ReplicaSets in proportion, so that a rollout goes on as far as it was. */
export function proportional(d: Deployment, fresh: ReplicaSet | undefined, old: ReplicaSet[]): Sizes {
  const wanted = d.spec?.replicas ?? 1;
  const all = fresh ? [...old, fresh] : old;
  const active = all.filter((rs) => sizeOf(rs) > 0);
  if (active.length <= 1) {
    const only = active[0] ?? fresh ?? [...old].sort(byAge).at(-1);
    return only ? [{ rs: only, replicas: wanted }] : [];
  }
  const saturated = fresh && sizeOf(fresh) === wanted && available(fresh) === wanted;
  if (saturated && Number(fresh.metadata.annotations?.[desiredAnnotation]) === wanted)
    return old.filter((rs) => sizeOf(rs) > 0).map((rs) => ({ rs, replicas: 0 }));
  if (d.spec?.strategy?.type === 'Recreate') return [];
  return spread(d, active);
}

function spread(d: Deployment, active: ReplicaSet[]): Sizes {
  const wanted = d.spec?.replicas ?? 1;
  const limit = wanted > 0 ? wanted + fenceposts(d).maxSurge : 0;
  const toAdd = limit - sum(active, sizeOf);
  const sorted = [...active].sort((a, b) => sizeOf(b) - sizeOf(a) || (toAdd > 0 ? byAge(b, a) : byAge(a, b)));
  let added = 0;
  const sizes = sorted.map((rs) => {
    const share = fraction(d, rs, limit);
    const change = toAdd > 0 ? Math.min(share, toAdd - added) : Math.max(share, toAdd - added);
    if (toAdd !== 0) added += change;
    return { rs, replicas: sizeOf(rs) + (toAdd !== 0 ? change : 0) };
  });
  if (sizes[0]) sizes[0].replicas = Math.max(0, sizes[0].replicas + toAdd - added);
  return sizes;
}

function fraction(d: Deployment, rs: ReplicaSet, limit: number): number {
  if ((d.spec?.replicas ?? 1) === 0) return -sizeOf(rs);
  const before = Number(rs.metadata.annotations?.[maxAnnotation] ?? d.status?.replicas ?? 0) || limit;
  return Math.round((sizeOf(rs) * limit) / before) - sizeOf(rs);
}

/** The next size of the new ReplicaSet in a rolling update. */
export function growNew(d: Deployment, fresh: ReplicaSet, old: ReplicaSet[]): number {
  const wanted = d.spec?.replicas ?? 1;
  if (sizeOf(fresh) >= wanted) return wanted;
  const room = wanted + fenceposts(d).maxSurge - sum(old, sizeOf) - sizeOf(fresh);
  return sizeOf(fresh) + Math.max(0, Math.min(room, wanted - sizeOf(fresh)));
}

/** The next sizes of old ReplicaSets: unhealthy Pods go first, then as many as availability allows. */
export function shrinkOld(d: Deployment, fresh: ReplicaSet, old: ReplicaSet[]): Sizes {
  const minAvailable = (d.spec?.replicas ?? 1) - fenceposts(d).maxUnavailable;
  const total = sum(old, sizeOf) + sizeOf(fresh);
  let removable = total - minAvailable - (sizeOf(fresh) - available(fresh));
  if (removable <= 0) return [];
  const sizes = new Map(old.map((rs) => [rs, sizeOf(rs)]));
  const oldest = [...old].sort(byAge);
  for (const rs of oldest) {
    const unhealthy = Math.max(0, Math.min(removable, sizeOf(rs) - available(rs)));
    sizes.set(rs, sizes.get(rs)! - unhealthy);
    removable -= unhealthy;
  }
  let spare = sum(old, available) + available(fresh) - minAvailable;
  for (const rs of oldest) {
    const n = Math.max(0, Math.min(spare, removable, sizes.get(rs)!));
    sizes.set(rs, sizes.get(rs)! - n);
    spare -= n;
    removable -= n;
  }
  return oldest
    .map((rs) => ({ rs, replicas: sizes.get(rs)! }))
    .filter(({ rs, replicas }) => replicas !== sizeOf(rs));
}
