import type { Clock } from '../clock/clock.ts';
import type { MetricPlace, Metrics, PodSample } from '../ports/metrics.ts';

/** Measurements that a test sets. */
export interface FakeMetrics extends Metrics {
  /** `cpu`, `memory` or a metric of the Pods' own; `container` for one of them only. In thousandths. */
  setPod(place: MetricPlace, pod: string, metric: string, value: number, container?: string): void;
  setObject(place: MetricPlace, kind: string, name: string, metric: string, value: number): void;
  setExternal(place: MetricPlace, metric: string, values: number[]): void;
}

const windowMs = 15_000;

export function createFakeMetrics(clock: Clock): FakeMetrics {
  const ofPods = new Map<string, Map<string, PodSample>>();
  const others = new Map<string, number[]>();
  const key = ({ cluster, namespace }: MetricPlace, ...parts: (string | undefined)[]) =>
    [cluster, namespace, ...parts].join('/');
  const samples = async (place: MetricPlace, metric: string, container = '') => {
    const found = ofPods.get(key(place, metric, container));
    if (!found) throw new Error('no metrics known for pods');
    return found;
  };
  const one = (name: string) => {
    const found = others.get(name);
    if (!found) throw new Error('no such metric');
    return found;
  };
  return {
    resource: samples,
    pods: (place, _pods, metric) => samples(place, metric),
    object: async (place, { kind, name }, metric) => one(key(place, kind, name, metric))[0] ?? 0,
    external: async (place, metric) => one(key(place, 'external', metric)),
    setPod(place, pod, metric, value, container = '') {
      const name = key(place, metric, container);
      const known = ofPods.get(name) ?? new Map<string, PodSample>();
      ofPods.set(name, known.set(pod, { value, at: clock.now(), windowMs }));
    },
    setObject: (place, kind, name, metric, value) => others.set(key(place, kind, name, metric), [value]),
    setExternal: (place, metric, values) => others.set(key(place, 'external', metric), values),
  };
}
