import type { Deployment, IntOrString } from '../../kinds/schema/types.ts';

/** maxSurge and maxUnavailable in Pods: surge rounds up, unavailability down, and both are never 0 together. */
export function fenceposts({ spec }: Deployment): { maxSurge: number; maxUnavailable: number } {
  const replicas = spec?.replicas ?? 1;
  if (spec?.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec?.strategy?.rollingUpdate ?? {};
  const surge = amount(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(amount(maxUnavailable, replicas, Math.floor), replicas);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}

const amount = (value: IntOrString, of: number, round: (n: number) => number): number =>
  typeof value === 'number' ? value : round((Number.parseInt(value, 10) * of) / 100);
