import type { Clock } from '../../clock/clock.ts';
import type { Pod } from '../../kinds/schema/types.ts';
import type { ContainerUsage, PodStatistics, Usage } from '../../ports/statistics.ts';
import { type Rate, rateBetween } from './rates.ts';

/** Turns counters into rates, by what it read when it was last asked. */
export interface Meter {
  /** Returns what each container of a Pod uses; undefined while nothing can be said. */
  pod(cluster: string, pod: Pod): Promise<ContainerRate[] | undefined>;
  /** Returns the counters of a Pod's containers as they are now, for those who compute rates themselves. */
  usages(cluster: string, pod: Pod): Promise<ContainerUsage[]>;
  /** Likewise of a Node as a whole. */
  nodeUsage(name: string): Promise<Usage | undefined>;
  /** Returns what a Node uses as a whole; undefined where only its Pods are measured. */
  node(name: string): Promise<Rate | undefined>;
}

/** Describes what a container uses. */
export interface ContainerRate extends Rate {
  name: string;
}

type Named = Usage & { name: string };
interface Reading {
  asked: number;
  taken: Promise<{ usages: Named[]; rates: ContainerRate[] }>;
}

/** An answer younger than this is given again, so that readers at once do not shorten each other's windows. */
const freshMs = 5_000;
/** What was read earlier than this says little of now. */
const staleMs = 60_000;
/** Then a second look follows the first. */
const lookMs = 1_000;

/**
 * Keeps the last reading of each Pod and Node for a minute, and costs nothing while nobody asks. The first to ask about
 * something that has run for long waits a second for the second reading.
 */
export function createMeter(statistics: PodStatistics, clock: Clock): Meter {
  /** In the order in which they were asked for. */
  const readings = new Map<string, Reading>();

  function read(key: string, look: () => Promise<Named[]>): Reading['taken'] {
    const now = clock.now();
    for (const [old, { asked }] of readings) {
      if (now - asked < staleMs) break;
      readings.delete(old);
    }
    const known = readings.get(key);
    if (known && now - known.asked < freshMs) return known.taken;
    const taken = measure(known, look, clock);
    readings.delete(key);
    readings.set(key, { asked: now, taken });
    taken.catch(() => readings.delete(key));
    return taken;
  }

  function usages(cluster: string, pod: Pod): Promise<ContainerUsage[]> {
    const { namespace = '', name = '', uid = '' } = pod.metadata;
    return statistics.pod({ cluster, namespace, name, uid }, pod);
  }

  return {
    usages,
    nodeUsage: async (name) => statistics.node?.(name),
    async pod(cluster, pod) {
      const look = () => usages(cluster, pod);
      const { usages: seen, rates } = await read(`pod/${pod.metadata.uid ?? ''}`, look);
      return seen.length > 0 && rates.length === seen.length ? rates : undefined;
    },
    async node(name) {
      if (!statistics.node) return undefined;
      const look = async () => {
        const usage = await statistics.node?.(name);
        return usage ? [{ ...usage, name }] : [];
      };
      return (await read(`node/${name}`, look)).rates[0];
    },
  };
}

async function measure(known: Reading | undefined, look: () => Promise<Named[]>, clock: Clock) {
  let before = known && (await known.taken.catch(() => undefined))?.usages;
  let usages = await look();
  // An average over hours or days is not what it uses now.
  if (!before && usages.some(({ at, since, before: kept }) => !kept && at - since > staleMs)) {
    before = usages;
    await clock.sleep(lookMs);
    usages = await look();
  }
  const byName = new Map(before?.map((usage) => [usage.name, usage]));
  const rates = usages.flatMap((usage) => {
    const rate = rateBetween(usage.before ?? byName.get(usage.name), usage);
    return rate ? [{ name: usage.name, ...rate }] : [];
  });
  return { usages, rates };
}
