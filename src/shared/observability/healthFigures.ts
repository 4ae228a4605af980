import { expose, type Sample } from './exposition.ts';

/** Counts health checks under the names that component-base has for them. */
export interface HealthFigures {
  /** `type` is `healthz`, `livez` or `readyz`. */
  checked(name: string, type: string, isOk: boolean): void;
  /** Prometheus' text format. */
  expose(): string;
}

/** Keeps figures of this process, from its start on. */
export function createHealthFigures(): HealthFigures {
  const last = new Map<string, Sample>();
  const totals = new Map<string, Sample>();
  return {
    checked(name, type, isOk) {
      const status = isOk ? 'success' : 'error';
      last.set(JSON.stringify([name, type]), { labels: { name, type }, value: Number(isOk) });
      const key = JSON.stringify([name, type, status]);
      const total = totals.get(key) ?? { labels: { name, status, type }, value: 0 };
      totals.set(key, { ...total, value: total.value + 1 });
    },
    expose: () =>
      expose([
        {
          name: 'kubernetes_healthcheck',
          help: '[STABLE] This metric records the result of a single healthcheck.',
          type: 'gauge',
          samples: [...last.values()],
        },
        {
          name: 'kubernetes_healthchecks_total',
          help: '[STABLE] This metric records the results of all healthcheck.',
          type: 'counter',
          samples: [...totals.values()],
        },
      ]),
  };
}
