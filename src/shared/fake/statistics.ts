import type { Clock } from '../clock/clock.ts';
import type { Pod } from '../kinds/schema/types.ts';
import { parseQuantity } from '../meta/quantity.ts';
import type { PodRef } from '../ports/pods.ts';
import type { PodStatistics } from '../ports/statistics.ts';
import type { FakeContainer } from './podState.ts';

/** Is what each container of a Pod uses, on the Pod; of one container only with `.NAME` at its end. */
export const cpuAnnotation = 'fake.shallop.dev/cpu';
/** As cpuAnnotation. */
export const memoryAnnotation = 'fake.shallop.dev/memory';

export interface FakeStatisticsOptions {
  clock: Clock;
  running(ref: PodRef): FakeContainer[];
}

/**
 * Nothing runs, so a Pod says itself what it uses: 0 unless its annotations tell otherwise. Each counter goes on from
 * where it was when somebody last asked, by what the annotation says now.
 */
export function fakeStatistics({ clock, running }: FakeStatisticsOptions): PodStatistics {
  const counters = new WeakMap<FakeContainer, { startedAt: number; at: number; nanoseconds: number }>();
  return {
    async pod(ref, pod) {
      const at = clock.now();
      return running(ref).map((container) => {
        const { name } = container.spec;
        const { startedAt } = container;
        const cores = amountIn(pod, cpuAnnotation, name);
        const last = counters.get(container);
        const from = last?.startedAt === startedAt ? last : { at: startedAt, nanoseconds: 0 };
        const nanoseconds = from.nanoseconds + cores * (at - from.at) * 1_000_000;
        counters.set(container, { startedAt, at, nanoseconds });
        const memoryBytes = amountIn(pod, memoryAnnotation, name);
        return { name, at, since: startedAt, cpuNanoseconds: nanoseconds, memoryBytes };
      });
    },
  };
}

function amountIn({ metadata: { annotations } }: Pod, annotation: string, container: string): number {
  const text = annotations?.[`${annotation}.${container}`] ?? annotations?.[annotation] ?? '0';
  return Number(parseQuantity(text) ?? 0n) / 1e9;
}
