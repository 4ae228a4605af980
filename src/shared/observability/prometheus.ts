import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Gathered, Metrics } from './metrics.ts';

/** Metrics under the names that dashboards for kube-apiserver know. */
export function prometheusMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const labelNames = ['verb', 'group', 'version', 'resource', 'subresource'] as const;
  const requests = new Counter({
    name: 'apiserver_request_total',
    help: 'Requests by verb, resource and HTTP code.',
    labelNames: [...labelNames, 'code'] as const,
    registers,
  });
  const durations = new Histogram({
    name: 'apiserver_request_duration_seconds',
    help: 'Time to answer a request, watches left out.',
    labelNames,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const storage = new Histogram({
    name: 'shallop_storage_duration_seconds',
    help: 'Time of a storage operation.',
    labelNames: ['operation', 'resource'] as const,
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1],
    registers,
  });
  const watches = new Gauge({
    name: 'apiserver_longrunning_requests',
    help: 'Open watches.',
    labelNames: ['resource'] as const,
    registers,
  });
  const waits = new Histogram({
    name: 'apiserver_flowcontrol_request_wait_duration_seconds',
    help: 'Time that a request waited for a seat of its priority level.',
    labelNames: ['priority_level', 'flow_schema', 'execute'] as const,
    buckets: [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30],
    registers,
  });
  return {
    request: ({ code, ...labels }, seconds) => {
      requests.inc({ ...labels, code });
      if (labels.verb !== 'WATCH') durations.observe(labels, seconds);
    },
    storage: (operation, resource, seconds) => storage.observe({ operation, resource }, seconds),
    watching: (resource, delta) => watches.inc({ resource }, delta),
    waited: (priority_level, flow_schema, isServed, seconds) =>
      waits.observe({ priority_level, flow_schema, execute: String(isServed) }, seconds),
    gather: (figures) => {
      for (const figure of figures) gathered(figure, registry);
    },
    render: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

/** A metric that is filled anew whenever it is asked for. */
function gathered({ name, help, type, labelNames, read }: Gathered, registry: Registry): void {
  const shape = { name, help, labelNames: [...labelNames], registers: [registry] };
  if (type === 'gauge')
    new Gauge({
      ...shape,
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.set(labels, value);
      },
    });
  else
    new Counter({
      ...shape,
      collect() {
        this.reset();
        for (const [labels, value] of read()) this.inc(labels, value);
      },
    });
}
