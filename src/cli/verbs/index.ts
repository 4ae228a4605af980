import { table } from '../../shared/meta/table.ts';
import type { Verb } from '../verb.ts';

/** Every verb, loaded when it is used. */
export const verbs: Record<string, () => Promise<Verb>> = table({
  up: async () => (await import('./up.ts')).up,
  down: async () => (await import('./down.ts')).down,
  dev: async () => (await import('./dev.ts')).dev,
  console: async () => (await import('./console.ts')).consoleVerb,
  status: async () => (await import('./status.ts')).status,
  reset: async () => (await import('./reset.ts')).reset,
  kubeconfig: async () => (await import('./kubeconfig.ts')).kubeconfig,
  image: async () => (await import('./image.ts')).image,
  events: async () => (await import('./events.ts')).events,
  cluster: async () => (await import('./cluster/index.ts')).cluster,
  envtest: async () => (await import('./envtest.ts')).envtest,
  apply: async () => (await import('./apply.ts')).apply,
  get: async () => (await import('./get.ts')).get,
  describe: async () => (await import('./describe.ts')).describe,
  delete: async () => (await import('./delete.ts')).del,
  logs: async () => (await import('./logs.ts')).logs,
  scale: async () => (await import('./scale.ts')).scale,
  set: async () => (await import('./set.ts')).set,
  rollout: async () => (await import('./rollout.ts')).rollout,
  'cluster-info': async () => (await import('./cluster-info.ts')).clusterInfo,
  'api-resources': async () => (await import('./api-resources.ts')).apiResources,
  completion: async () => (await import('./completion.ts')).completion,
  token: async () => (await import('./token.ts')).token,
  proxy: async () => (await import('./proxy.ts')).proxy,
  version: async () => (await import('./version.ts')).version,
});
