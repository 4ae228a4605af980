import type { Metrics } from '../../ports/metrics.ts';

/** Where nothing is measured, in the words of an API that is not there. */
export const absent: Metrics = {
  async resource() {
    throw new Error(
      'unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)',
    );
  },
  async pods() {
    throw new Error(
      'unable to fetch metrics from custom metrics API: no known available metric versions found',
    );
  },
  async object() {
    throw new Error(
      'unable to fetch metrics from custom metrics API: no known available metric versions found',
    );
  },
  async external(_, metric) {
    throw new Error(
      `unable to fetch metrics from external metrics API: the server could not find the requested resource (get ${metric}.external.metrics.k8s.io)`,
    );
  },
};
