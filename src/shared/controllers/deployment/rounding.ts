import type { Deployment } from '../../kinds/schema/types.ts';
import { amountOf } from '../common/amount.ts';

/** maxSurge and maxUnavailable in Pods: surge rounds up, unavailability down, and both are never 0 together. */
export function fenceposts({ spec }: Deployment): { maxSurge: number; maxUnavailable: number } {
  const replicas = spec?.replicas ?? 1;
  if (spec?.strategy?.type === 'Recreate') return { maxSurge: 0, maxUnavailable: 0 };
  const { maxSurge = '25%', maxUnavailable = '25%' } = spec?.strategy?.rollingUpdate ?? {};
  const surge = amountOf(maxSurge, replicas, Math.ceil);
  const unavailable = Math.min(amountOf(maxUnavailable, replicas, Math.floor), replicas);
  return { maxSurge: surge, maxUnavailable: surge === 0 && unavailable === 0 ? 1 : unavailable };
}
