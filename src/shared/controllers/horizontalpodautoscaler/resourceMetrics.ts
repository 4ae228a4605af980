import type { Reader } from '../../client/client.ts';
import type { PodMetrics } from '../../kinds/schema/types.ts';
import type { Metrics, PodSample } from '../../ports/metrics.ts';
import { podMetrics } from '../resources.ts';
import { milli } from './amounts.ts';

/** Metrics that are in the API itself: those of metrics.k8s.io, of the Pods with these names. */
export const resourceMetrics = (client: Reader, names: ReadonlySet<string>): Pick<Metrics, 'resource'> => ({
  async resource(place, resource, container) {
    const all = await client.list(podMetrics, { namespace: place.namespace }).catch((error: Error) => {
      throw new Error(`unable to fetch metrics from resource metrics API: ${error.message}`);
    });
    const found = all.filter(({ metadata }) => names.has(metadata.name ?? ''));
    if (found.length === 0) throw new Error('no metrics returned from resource metrics API');
    return new Map(
      found.map((pod) => sampleOf(pod, resource, container)).filter((each) => each !== undefined),
    );
  },
});

/** A Pod without the container, or with one that lacks the resource, counts as not measured. */
function sampleOf(pod: PodMetrics, resource: string, container?: string): [string, PodSample] | undefined {
  const { name = '' } = pod.metadata;
  const counted = pod.containers.filter((each) => container === undefined || each.name === container);
  if (counted.length === 0 || counted.some(({ usage }) => usage[resource] === undefined)) return undefined;
  const value = counted.reduce((sum, { usage }) => sum + milli(usage[resource]), 0);
  return [name, { value, at: Date.parse(pod.timestamp), windowMs: millisecondsIn(pod.window) }];
}

const units: [string, number][] = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Returns what a duration of Go says. */
function millisecondsIn(duration: string): number {
  let sum = 0;
  for (const [, amount = '', unit = ''] of duration.matchAll(/([\d.]+)([a-z]+)/g))
    sum += Number(amount) * (units.find(([name]) => name === unit)?.[1] ?? 0);
  return sum;
}
