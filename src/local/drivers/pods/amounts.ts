import type { Container } from '../../../shared/kinds/schema/types.ts';
import { parseQuantity } from '../../../shared/meta/quantity.ts';

/** The time in microseconds of which a CPU limit is a part. */
export const periodUs = 100_000;

/** The CPU limit in microseconds of each period, and the weight that its request, or else its limit, gives a container. */
export function cpuOf(resources: Container['resources']): { quota?: number; shares: number } {
  const limit = inUnits(resources?.limits?.cpu, 1_000_000n);
  const request = inUnits(resources?.requests?.cpu, 1_000_000n) ?? limit ?? 0;
  const shares = Math.min(262_144, Math.max(2, Math.floor((request * 1024) / 1000)));
  return { ...(limit && { quota: Math.max(1000, Math.round((limit * periodUs) / 1000)) }), shares };
}

/** The memory limit of a container, in bytes. */
export const memoryOf = (resources: Container['resources']): number | undefined =>
  inUnits(resources?.limits?.memory, 1_000_000_000n);

function inUnits(amount: string | undefined, unit: bigint): number | undefined {
  const nanos = amount === undefined ? undefined : parseQuantity(amount);
  return nanos === undefined ? undefined : Number(nanos / unit);
}
