import type { Clock } from '../../shared/clock/clock.ts';
import type { Gathered, Metrics, RequestLabels } from '../../shared/observability/metrics.ts';

/**
 * Returns what one instance of the API's function can tell: its own requests since it started. Lambda runs as many
 * instances as there are requests at once, and each ask reaches any one of them; sums of all stand in CloudWatch.
 */
export function functionMetrics(clock: Clock): Metrics {
  const started = clock.now() / 1000;
  const requests = new Map<string, number>();
  const durations = new Map<string, { sum: number; count: number }>();
  const watches = new Map<string, number>();
  const gathered: Gathered[] = [];
  return {
    request: ({ code, ...labels }, seconds) => {
      const series = labelled({ ...labels, code: String(code) });
      requests.set(series, (requests.get(series) ?? 0) + 1);
      if (labels.verb === 'WATCH') return;
      const { sum, count } = durations.get(labelled(labels)) ?? { sum: 0, count: 0 };
      durations.set(labelled(labels), { sum: sum + seconds, count: count + 1 });
    },
    storage: () => {},
    // Nobody waits here for a turn: Lambda begins a function for each request, or none.
    waited: () => {},
    gather: (figures) => gathered.push(...figures),
    watching: (resource, delta) => {
      const series = labelled({ resource });
      watches.set(series, (watches.get(series) ?? 0) + delta);
    },
    render: async () => ({
      contentType: 'text/plain; version=0.0.4; charset=utf-8',
      text: [
        ...family(
          'apiserver_request_total',
          'counter',
          'Requests by verb, resource and HTTP code.',
          requests,
        ),
        ...summaries(
          'apiserver_request_duration_seconds',
          'Time to answer a request, watches left out.',
          durations,
        ),
        ...family('apiserver_longrunning_requests', 'gauge', 'Open watches.', watches),
        ...family(
          'process_start_time_seconds',
          'gauge',
          'When this instance of the function started. Other instances count by themselves.',
          new Map([['', started]]),
        ),
        ...gathered.flatMap(({ name, type, help, read }) =>
          family(name, type, help, new Map([...read()].map(([labels, value]) => [labelled(labels), value]))),
        ),
        '',
      ].join('\n'),
    }),
  };
}

const labelled = (labels: Omit<RequestLabels, 'code'> | Record<string, string>): string =>
  `{${Object.entries(labels)
    .map(([name, value]) => `${name}="${escaped(value)}"`)
    .join(',')}}`;
const escaped = (value: string) => value.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n');

const head = (name: string, type: string, help: string) => [
  `# HELP ${name} ${help}`,
  `# TYPE ${name} ${type}`,
];

const family = (name: string, type: string, help: string, series: ReadonlyMap<string, number>) => [
  ...head(name, type, help),
  ...[...series].map(([labels, value]) => `${name}${labels} ${value}`),
];

const summaries = (
  name: string,
  help: string,
  series: ReadonlyMap<string, { sum: number; count: number }>,
) => [
  ...head(name, 'summary', help),
  ...[...series].flatMap(([labels, { sum, count }]) => [
    `${name}_sum${labels} ${sum}`,
    `${name}_count${labels} ${count}`,
  ]),
];
