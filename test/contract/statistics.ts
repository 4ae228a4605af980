import { expect, test } from '@jest/globals';
import { systemClock } from '../../src/shared/clock/systemClock.ts';
import type { Pod } from '../../src/shared/kinds/schema/types.ts';
import type { PodRef } from '../../src/shared/ports/pods.ts';
import type { PodStatistics } from '../../src/shared/ports/statistics.ts';
import type { Bench } from '../support/processPods.ts';
import { until } from '../support/until.ts';

/** A driver with one Pod whose containers `busy` and `idle` run, of which only the first uses CPU. */
export interface StatisticsSubject {
  statistics: PodStatistics;
  ref: PodRef;
  pod: Pod;
  now(): number;
  /** Lets some time pass, or waits for it. */
  pass(): Promise<void>;
  close(): Promise<void>;
}

/** Runs such a Pod on a bench of this machine, and waits until both of its containers run. */
export async function subjectOn(bench: Bench): Promise<StatisticsSubject> {
  const containers = [
    { name: 'busy', image: 'done', command: ['sh', '-c', 'while :; do :; done'] },
    { name: 'idle', image: 'done', command: ['sh', '-c', 'sleep 600'] },
  ];
  const ref = await bench.run({ containers });
  await bench.until(ref, ({ containerStatuses }) => containerStatuses.every(({ ready }) => ready));
  return {
    statistics: bench.runtime.statistics,
    ref,
    pod: { metadata: { name: ref.name } },
    now: () => systemClock.now(),
    pass: () => systemClock.sleep(20),
    close: () => bench.close(),
  };
}

/** What every driver of the port PodStatistics does. */
export function statisticsContract(name: string, open: () => Promise<StatisticsSubject>): void {
  test(`PodStatistics: ${name}: counts on what each running container uses`, async () => {
    const subject = await open();
    const { statistics, ref, pod, now, pass } = subject;
    try {
      const first = await statistics.pod(ref, pod);
      expect(first.map((each) => each.name)).toEqual(['busy', 'idle']);
      for (const { at, since, cpuNanoseconds, memoryBytes } of first) {
        expect(at).toBeLessThanOrEqual(now());
        expect(since).toBeLessThanOrEqual(at);
        expect(cpuNanoseconds).toBeGreaterThanOrEqual(0);
        expect(memoryBytes).toBeGreaterThan(0);
      }
      // Their starts cost about the same, and the machine may be busy with others for a while.
      await until('the busy one has used more than before, and than the idle one', async () => {
        await pass();
        const [busy, idle] = await statistics.pod(ref, pod);
        return busy!.cpuNanoseconds > Math.max(first[0]!.cpuNanoseconds, idle!.cpuNanoseconds);
      });
    } finally {
      await subject.close();
    }
  });

  test(`PodStatistics: ${name}: knows nothing of a Pod that is not here`, async () => {
    const { statistics, ref, pod, close } = await open();
    const other = { ...ref, uid: 'other', name: 'other' };
    expect(await statistics.pod(other, pod)).toEqual([]);
    await close();
  });
}
