import type { Container } from '../../../../shared/kinds/schema/types.ts';
import { cpuOf, memoryOf, periodUs } from '../amounts.ts';
import type { Engine } from './find.ts';

interface EngineResources {
  CpuShares: number;
  CpuQuota?: number;
  CpuPeriod?: number;
  Memory?: number;
  MemorySwap?: number;
}

/** The limits and weights of a container as an engine takes them when it makes one. */
export function engineResources(resources: Container['resources']): EngineResources {
  const { quota, shares } = cpuOf(resources);
  const memory = memoryOf(resources);
  return {
    CpuShares: shares,
    ...(quota && { CpuQuota: quota, CpuPeriod: periodUs }),
    // As much memory and swap together as memory is no swap.
    ...(memory && { Memory: memory, MemorySwap: memory }),
  };
}

/** What an engine is asked, to give a container that runs other resources. */
export interface Resizing {
  path: string;
  body: object;
}

/**
 * Returns it for a container by its path. What is left out stays as it is: Kubernetes lets nobody take a limit of memory
 * away, and Docker refuses a number that would. Podman 4 knows Docker's request not, but one of its own, in the words of
 * runtimes, which later ones have too.
 */
export function resizing(kind: Engine['kind'], path: string, resources: Container['resources']): Resizing {
  const limits = { CpuPeriod: periodUs, CpuQuota: -1, ...engineResources(resources) };
  if (kind === 'docker') return { path: `${path}/update`, body: limits };
  const { CpuPeriod, CpuQuota, CpuShares, Memory, MemorySwap } = limits;
  return {
    path: `/libpod${path}/update`,
    body: {
      cpu: { shares: CpuShares, quota: CpuQuota, period: CpuPeriod },
      ...(Memory && { memory: { limit: Memory, swap: MemorySwap } }),
    },
  };
}
