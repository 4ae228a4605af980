import type { Pod } from '../../kinds/schema/types.ts';
import type { PodSamples } from '../../ports/metrics.ts';
import { conditionOf, isReady } from '../common/pods.ts';
import { milli } from './amounts.ts';

/** Describes how far from its target the use may be without anything being done, as a part of it. */
export interface Tolerance {
  down: number;
  up: number;
}

/** Describes how many Pods it takes, and what is used, in thousandths. */
export interface Proposal {
  replicas: number;
  usage: number;
  /** In percent of what is asked for. */
  utilization?: number;
}

/** Pods with what is known of their use. */
export interface PodsSeen {
  pods: Pod[];
  samples: PodSamples;
  /** As the target has it in its spec. */
  current: number;
  tolerance: Tolerance;
  now: number;
}

const cpuInitializationMs = 5 * 60_000;
const initialReadinessMs = 30_000;
const mostReplicas = 2 ** 31 - 1;

/** Returns whether the use is so near to its target, of which it is `ratio`, that nothing is to be done. */
export const isWithin = (ratio: number, { down, up }: Tolerance): boolean =>
  1 - down <= ratio && ratio <= 1 + up;

/** By what the Pods use of what they ask for. */
export function byUtilization(
  seen: PodsSeen,
  target: number,
  resource: string,
  container?: string,
): Proposal {
  const requests = new Map(
    seen.pods.map((pod) => [pod.metadata.name ?? '', requestOf(pod, resource, container)]),
  );
  const ratioOf = (values: ReadonlyMap<string, number>) => {
    let [used, asked, count] = [0, 0, 0];
    for (const [name, value] of values) {
      const request = requests.get(name);
      if (request === undefined) continue;
      used += value;
      asked += request;
      count++;
    }
    if (asked === 0) throw new Error('no metrics returned matched known pods');
    const utilization = Math.trunc((used * 100) / asked);
    return { ratio: utilization / target, usage: Math.trunc(used / count), utilization };
  };
  const fallback = (name: string) => ((requests.get(name) ?? 0) * Math.max(100, target)) / 100;
  return propose(seen, resource, ratioOf, fallback);
}

/** By what each Pod uses on average, in thousandths. */
export const byAverage = (seen: PodsSeen, target: number, resource = ''): Proposal =>
  propose(
    seen,
    resource,
    (values) => {
      const usage = Math.trunc([...values.values()].reduce((sum, value) => sum + value, 0) / values.size);
      return { ratio: usage / target, usage };
    },
    () => target,
  );

type Ratio = { ratio: number; usage: number; utilization?: number };

/** As Kubernetes' replica calculator: Pods that nothing is known of yet are taken to speak against a change. */
function propose(
  seen: PodsSeen,
  resource: string,
  ratioOf: (values: ReadonlyMap<string, number>) => Ratio,
  fallback: (pod: string) => number,
): Proposal {
  const { pods, samples, current, tolerance } = seen;
  if (pods.length === 0) throw new Error('no pods returned by selector while calculating replica count');
  const groups = group(seen, resource);
  const values = new Map(Array.from(samples, ([name, { value }]) => [name, value]));
  for (const name of [...groups.ignored, ...groups.unready]) values.delete(name);
  if (values.size === 0) throw new Error('did not receive metrics for targeted pods (pods might be unready)');
  const { ratio, ...facts } = ratioOf(values);
  const stay = { replicas: current, ...facts };
  const growsWithUnready = groups.unready.length > 0 && ratio > 1;
  if (!growsWithUnready && groups.missing.length === 0)
    return isWithin(ratio, tolerance) ? stay : { ...stay, replicas: Math.ceil(ratio * groups.ready) };
  for (const name of groups.missing) if (ratio !== 1) values.set(name, ratio < 1 ? fallback(name) : 0);
  if (growsWithUnready) for (const name of groups.unready) values.set(name, 0);
  const { ratio: next } = ratioOf(values);
  if (isWithin(next, tolerance) || (ratio < 1 && next > 1) || (ratio > 1 && next < 1)) return stay;
  const replicas = Math.ceil(next * values.size);
  return (next < 1 && replicas > current) || (next > 1 && replicas < current) ? stay : { ...stay, replicas };
}

/** Proposes a size from one value for the whole workload, in proportion to the Pods that are ready. */
export function byWhole(seen: Omit<PodsSeen, 'samples' | 'now'>, usage: number, target: number): Proposal {
  const ratio = usage / target;
  if (seen.current === 0) return { replicas: Math.ceil(ratio), usage };
  if (isWithin(ratio, seen.tolerance)) return { replicas: seen.current, usage };
  if (seen.pods.length === 0)
    throw new Error(
      'unable to calculate ready pods: no pods returned by selector while calculating replica count',
    );
  const ready = seen.pods.filter((pod) => pod.status?.phase === 'Running' && isReady(pod)).length;
  return { replicas: Math.min(mostReplicas, Math.ceil(ratio * ready)), usage };
}

/** Proposes a size from one value for the whole workload, of which each Pod is to have the target's share. */
export function byShare(there: number, tolerance: Tolerance, usage: number, target: number): Proposal {
  const isEnough = isWithin(usage / (target * there), tolerance);
  const replicas = isEnough ? there : Math.min(mostReplicas, Math.ceil(usage / target));
  return { replicas, usage: there > 0 ? Math.ceil(usage / there) : usage };
}

function group({ pods, samples, now }: PodsSeen, resource: string) {
  const groups = { ready: 0, unready: [] as string[], missing: [] as string[], ignored: [] as string[] };
  for (const pod of pods) {
    const { name = '', deletionTimestamp } = pod.metadata;
    const sample = samples.get(name);
    if (deletionTimestamp || pod.status?.phase === 'Failed') groups.ignored.push(name);
    else if (pod.status?.phase === 'Pending') groups.unready.push(name);
    else if (!sample) groups.missing.push(name);
    else if (resource === 'cpu' && isTooYoung(pod, sample.at - sample.windowMs, now))
      groups.unready.push(name);
    else groups.ready++;
  }
  return groups;
}

/** What a Pod uses while it starts says nothing of what it uses later. */
function isTooYoung(pod: Pod, measuredFrom: number, now: number): boolean {
  const ready = conditionOf(pod, 'Ready');
  const { startTime } = pod.status ?? {};
  if (!ready || !startTime) return true;
  const started = Date.parse(startTime);
  const changed = Date.parse(ready.lastTransitionTime ?? '') || 0;
  if (started + cpuInitializationMs > now) return ready.status === 'False' || measuredFrom < changed;
  return ready.status === 'False' && started + initialReadinessMs > changed;
}

/** Returns what the Pod asks for of a resource, in thousandths. Throws Error when a container does not say. */
function requestOf({ metadata, spec }: Pod, resource: string, container?: string): number {
  const whole = spec?.resources?.requests?.[resource];
  if (container === undefined && spec?.resources?.requests) {
    if (whole === undefined)
      throw new Error(`missing pod-level request for ${resource} in Pod ${metadata.name}`);
    return milli(whole);
  }
  const sidecars = (spec?.initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === 'Always');
  const all = [...(spec?.containers ?? []), ...sidecars].filter(
    ({ name }) => container === undefined || name === container,
  );
  if (container !== undefined && all.length === 0)
    throw new Error(`container ${container} not found in Pod ${metadata.name}`);
  return all.reduce((sum, { name, resources }) => {
    const request = resources?.requests?.[resource];
    if (request === undefined)
      throw new Error(`missing request for ${resource} in container ${name} of Pod ${metadata.name}`);
    return sum + milli(request);
  }, 0);
}
