import { Counter, Histogram, Registry } from 'prom-client';
import type { RequestMetrics } from './metrics.ts';

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 60];

/** Request metrics under kube-apiserver's own names, so that existing dashboards read them. */
export function prometheusMetrics(): RequestMetrics {
  const registry = new Registry();
  const total = new Counter({
    name: 'apiserver_request_total',
    help: 'Requests by verb, resource and code.',
    labelNames: ['verb', 'resource', 'code'],
    registers: [registry],
  });
  const duration = new Histogram({
    name: 'apiserver_request_duration_seconds',
    help: 'Time from request to answer, by verb and resource; watches excepted.',
    labelNames: ['verb', 'resource'],
    buckets: seconds,
    registers: [registry],
  });
  return {
    request: ({ verb, resource, code }, took) => {
      total.inc({ verb, resource, code });
      if (verb !== 'watch') duration.observe({ verb, resource }, took);
    },
    text: () => registry.metrics(),
  };
}
