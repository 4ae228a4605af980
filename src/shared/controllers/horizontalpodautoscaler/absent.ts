import type { Metrics } from '../../ports/metrics.ts';

/** Where nothing measures Pods, in the words of an API that is not there. */
export const absent: Pick<Metrics, 'resource'> = {
  async resource() {
    throw new Error(
      'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
    );
  },
};
