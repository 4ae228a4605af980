import type { PodSources } from '../../src/shared/ports/pods.ts';

/** What a Pod refers to where there is nothing to refer to. */
export const noSources: PodSources = {
  configMap: async () => undefined,
  secret: async () => undefined,
  services: async () => [],
  token: async () => '',
  clusterCa: () => '',
};
