import type { Pod } from '../../kinds/schema/types.ts';
import type { Stored } from '../../ports/storage.ts';
import type { Call } from '../request.ts';
import { parseJson } from '../served.ts';
import type { ContainerRate } from './meter.ts';
import type { Rate } from './rates.ts';

/** Describes what one request measures: of all Nodes together the Pods are read once. */
export interface Measure {
  /** Only Pods that run are measured, as by metrics-server. */
  pod(pod: Pod): Promise<ContainerRate[] | undefined>;
  /** A Node as a whole, else all of its Pods; one without any uses nothing. */
  node(name: string): Promise<Rate | undefined>;
  /** The Pods that are bound to a Node, whether they run or not. */
  podsOn(name: string): Promise<Stored[]>;
}

/** Measures for a request. */
export function measuring({ deps, cluster }: Pick<Call, 'deps' | 'cluster'>): Measure {
  const { meter, storage, clock } = deps;
  let byNode: Promise<Map<string | undefined, Stored[]>> | undefined;
  const podsOn = async (name: string) => {
    byNode ??= storage
      .list({ cluster, resource: 'pods' })
      .then(({ items }) => Map.groupBy(items, ({ index }) => index.fields?.['spec.nodeName']));
    return (await byNode).get(name) ?? [];
  };
  const pod = async (object: Pod) =>
    object.status?.phase === 'Running' ? meter?.pod(cluster, object) : undefined;

  return {
    pod,
    podsOn,
    async node(name) {
      const whole = await meter?.node(name);
      if (whole) return whole;
      const here = await podsOn(name);
      const rates = await Promise.all(here.map(({ value }) => pod(parseJson(value) as unknown as Pod)));
      const nothing = { cpuNanocores: 0, memoryBytes: 0, at: clock.now(), windowMs: idleWindowMs };
      return sumOf(rates.flatMap((each) => each ?? [])) ?? nothing;
    },
  };
}

/** Nothing was measured: the window of metrics-server. */
const idleWindowMs = 15_000;

/** Several rates as one; undefined when there is none. */
export function sumOf(rates: Rate[]): Rate | undefined {
  if (rates.length === 0) return undefined;
  return {
    cpuNanocores: rates.reduce((sum, rate) => sum + rate.cpuNanocores, 0),
    memoryBytes: rates.reduce((sum, rate) => sum + rate.memoryBytes, 0),
    at: Math.min(...rates.map(({ at }) => at)),
    windowMs: Math.min(...rates.map(({ windowMs }) => windowMs)),
  };
}
