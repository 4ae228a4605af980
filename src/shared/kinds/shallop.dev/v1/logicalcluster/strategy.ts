import type { LogicalCluster } from './types.ts';

/** Held until all its data is gone. */
export const dataFinalizer = 'shallop.dev/cluster';

/**
 * Is what holds a logical cluster that goes: each is let go of by a controller that may look into that part of a cloud.
 */
export const holds = {
  pods: 'shallop.dev/pods',
  services: 'shallop.dev/services',
  secrets: 'shallop.dev/secrets',
};

/** Finalizers are there from the first moment: nothing of a cluster is made before somebody has to take it away. */
export function prepareForCreate({ metadata }: LogicalCluster): void {
  const own = [dataFinalizer, ...Object.values(holds)];
  metadata.finalizers = [...new Set([...(metadata.finalizers ?? []), ...own])];
}
