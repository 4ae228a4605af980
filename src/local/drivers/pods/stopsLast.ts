import type { Clock } from '../../../shared/clock/clock.ts';
import type { PodRef, PodRuntime } from '../../../shared/ports/cloud.ts';

/**
 * Until nobody is sent to a Pod that is to end, it is looked so often at most, with so many milliseconds between: five seconds, and
 * more on a machine where this process gets few turns, since then nobody else hears of it either.
 */
const mostLooks = 250;
const paceMs = 20;

export interface Departures {
  clock: Clock;
  /** Returns whether somebody is sent to an address as to one that is ready. Absent: nobody is sent to Pods from here. */
  isOffered?: ((address: string) => Promise<boolean>) | undefined;
  /** A Pod is about to end: resolves when other Pods know. */
  leaving?(ref: PodRef): Promise<void> | undefined;
}

/**
 * Has Pods with a grace end only once nobody is sent to them any more: a program that ends at once would reset who has just
 * come. That they are going is told to controllers and to this runtime at the same time, and a machine with much to do may let
 * this runtime hear of it first.
 */
export function stopsLast(
  runtime: PodRuntime,
  { clock, isOffered, leaving }: Departures,
): Pick<PodRuntime, 'stop' | 'remove'> {
  /** UIDs of those that need not wait (again). */
  const begun = new Set<string>();
  const unoffered = async (ref: PodRef) => {
    const { podIP, hostIP } = (isOffered && (await runtime.observe(ref))) ?? {};
    if (!isOffered || !podIP || podIP === hostIP || begun.has(ref.uid)) return;
    begun.add(ref.uid);
    for (let looks = 0; looks < mostLooks && (await isOffered(podIP)); looks++) await clock.sleep(paceMs);
  };
  return {
    async stop(ref, graceSeconds) {
      // Who is to end at once waits for nobody.
      if (graceSeconds > 0) await unoffered(ref);
      const others = leaving?.(ref);
      if (graceSeconds > 0) await others;
      await runtime.stop(ref, graceSeconds);
    },
    async remove(ref) {
      await runtime.remove(ref);
      begun.delete(ref.uid);
    },
  };
}
