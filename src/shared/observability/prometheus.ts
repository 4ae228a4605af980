import { expose, expositionType, type Family, type Sample } from './exposition.ts';
import type { Gathered, Metrics, RequestLabels } from './metrics.ts';
import { Durations, Tallies } from './tallies.ts';

/** Upper bounds of the buckets of each histogram, in seconds. */
const requestBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const storageBounds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1];
const waitBounds = [0, 0.005, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30];

/** Metrics under the names that dashboards for kube-apiserver know. */
export function prometheusMetrics(): Metrics {
  const durations = new Tallies('resource', (_: Omit<RequestLabels, 'code'>) => new Durations(requestBounds));
  const requests = new Tallies('resource', ({ code, ...labels }: RequestLabels) => ({
    count: 0,
    durations: labels.verb === 'WATCH' ? undefined : durations.of(labels),
  }));
  const storage = new Tallies(
    'resource',
    (_: { operation: string; resource: string }) => new Durations(storageBounds),
  );
  const watches = new Tallies('resource', (_: { resource: string }) => ({ count: 0 }));
  const waits = new Tallies(
    'flow_schema',
    (_: { priority_level: string; flow_schema: string; execute: string }) => new Durations(waitBounds),
  );
  const others: Gathered[] = [];
  const families = (): Family[] => [
    {
      name: 'apiserver_request_total',
      help: 'Requests by verb, resource and HTTP code.',
      type: 'counter',
      samples: counts(requests),
    },
    {
      name: 'apiserver_request_duration_seconds',
      help: 'Time to answer a request, watches left out.',
      type: 'histogram',
      samples: histogram(durations),
    },
    {
      name: 'shallop_storage_duration_seconds',
      help: 'Time of a storage operation.',
      type: 'histogram',
      samples: histogram(storage),
    },
    {
      name: 'apiserver_longrunning_requests',
      help: 'Open watches.',
      type: 'gauge',
      samples: counts(watches),
    },
    {
      name: 'apiserver_flowcontrol_request_wait_duration_seconds',
      help: 'Time that a request waited for a seat of its priority level.',
      type: 'histogram',
      samples: histogram(waits),
    },
    ...others.map(({ name, help, type, read }) => ({
      ...{ name, help, type },
      samples: [...read()].map(([labels, value]) => ({ labels, value })),
    })),
  ];
  return {
    request: (labels, seconds) => {
      const tally = requests.of(labels);
      tally.count++;
      tally.durations?.observe(seconds);
    },
    storage: (operation, resource, seconds) => storage.of({ operation, resource }).observe(seconds),
    watching: (resource, delta) => {
      watches.of({ resource }).count += delta;
    },
    waited: (priority_level, flow_schema, isServed, seconds) =>
      waits.of({ priority_level, flow_schema, execute: String(isServed) }).observe(seconds),
    gather: (figures) => {
      others.push(...figures);
    },
    render: async () => ({ contentType: expositionType, text: expose(families()) }),
  };
}

type Kept<T> = Iterable<[labels: object, value: T]>;

const counts = (kept: Kept<{ count: number }>): Sample[] =>
  Array.from(kept, ([labels, { count }]) => ({ labels: texts(labels), value: count }));

const histogram = (kept: Kept<Durations>): Sample[] =>
  Array.from(kept).flatMap(([labels, durations]) => {
    const of = texts(labels);
    const { sum, count } = durations;
    const buckets = Array.from(
      durations.buckets(),
      ([upTo, value]): Sample => ({
        ...{ part: 'bucket', labels: { ...of, le: String(upTo) } },
        value,
      }),
    );
    return [
      ...buckets,
      { part: 'bucket', labels: { ...of, le: '+Inf' }, value: count },
      { part: 'sum', labels: of, value: sum },
      { part: 'count', labels: of, value: count },
    ];
  });

const texts = (labels: object): Record<string, string> =>
  Object.fromEntries(Object.entries(labels).map(([name, value]) => [name, String(value)]));
