import type { Container } from '../../../../shared/kinds/schema/types.ts';
import { cpuOf, memoryOf, periodUs } from '../amounts.ts';

/** The limits and weights of a container as an engine takes them when it makes one. */
export function engineResources(resources: Container['resources']): Record<string, number> {
  const { quota, shares } = cpuOf(resources);
  const memory = memoryOf(resources);
  return {
    CpuShares: shares,
    ...(quota && { CpuQuota: quota, CpuPeriod: periodUs }),
    // As much memory and swap together as memory is no swap.
    ...(memory && { Memory: memory, MemorySwap: memory }),
  };
}

/**
 * The same for a container that runs. What is left out stays as it is: Kubernetes lets nobody take a limit of memory away,
 * and Docker refuses a number that would.
 */
export const changedResources = (resources: Container['resources']): Record<string, number> => ({
  ...{ CpuPeriod: periodUs, CpuQuota: -1 },
  ...engineResources(resources),
});
