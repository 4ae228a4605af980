import type { Clock } from '../../shared/clock/clock.ts';
import { expose, expositionType, type Family, type Sample } from '../../shared/observability/exposition.ts';
import type { Gathered, Metrics } from '../../shared/observability/metrics.ts';

/**
 * Returns what one instance of the API's function can tell: its own requests since it started. Lambda runs as many
 * instances as there are requests at once, and each ask reaches any one of them; sums of all stand in CloudWatch.
 */
export function functionMetrics(clock: Clock): Metrics {
  const started = clock.now() / 1000;
  const [requests, watches, sums, counts] = [sumsOf(), sumsOf(), sumsOf('sum'), sumsOf('count')];
  const gathered: Gathered[] = [];
  return {
    request: ({ code, ...labels }, seconds) => {
      requests.add({ ...labels, code: String(code) }, 1);
      if (labels.verb === 'WATCH') return;
      sums.add(labels, seconds);
      counts.add(labels, 1);
    },
    storage: () => {},
    // Nobody waits here for a turn: Lambda begins a function for each request, or none.
    waited: () => {},
    gather: (figures) => gathered.push(...figures),
    watching: (resource, delta) => watches.add({ resource }, delta),
    render: async () => ({
      contentType: expositionType,
      text: expose([
        {
          name: 'apiserver_request_total',
          help: 'Requests by verb, resource and HTTP code.',
          type: 'counter',
          samples: requests.all(),
        },
        {
          name: 'apiserver_request_duration_seconds',
          help: 'Time to answer a request, watches left out.',
          type: 'summary',
          samples: [...sums.all(), ...counts.all()],
        },
        {
          name: 'apiserver_longrunning_requests',
          help: 'Open watches.',
          type: 'gauge',
          samples: watches.all(),
        },
        {
          name: 'process_start_time_seconds',
          help: 'When this instance of the function started. Other instances count by themselves.',
          type: 'gauge',
          samples: [{ labels: {}, value: started }],
        },
        ...gathered.map(familyOf),
      ]),
    }),
  };
}

const familyOf = ({ name, help, type, read }: Gathered): Family => ({
  name,
  help,
  type,
  samples: Array.from(read(), ([labels, value]) => ({ labels, value })),
});

interface Sums {
  add(labels: Record<string, string>, amount: number): void;
  all(): Sample[];
}

/** Sums by labels. */
function sumsOf(part?: Sample['part']): Sums {
  const samples = new Map<string, Sample>();
  return {
    add(labels, amount) {
      const key = JSON.stringify(labels);
      const before = samples.get(key)?.value ?? 0;
      samples.set(key, { ...(part && { part }), labels, value: before + amount });
    },
    all: () => [...samples.values()],
  };
}
