import type { Clock } from '../../../shared/clock/clock.ts';
import type { PodRef, PodRuntime } from '../../../shared/ports/cloud.ts';

/**
 * A Pod that is to end waits so long at most, with a look at who is sent to it every so many milliseconds. What counts are the looks:
 * on a machine where this process gets few turns, nobody else hears of it either.
 */
const mostMs = 5_000;
const paceMs = 20;
/** As with kubelet, a program hears of its end so long before it is killed, however late it is. In milliseconds. */
const leastGraceMs = 2_000;

export interface Departures {
  clock: Clock;
  /** Returns whether somebody is sent to an address as to one that is ready. Absent: nobody is sent to Pods from here. */
  isOffered?: ((address: string) => Promise<boolean>) | undefined;
  /** A Pod is about to end: resolves when other Pods know. */
  leaving?(ref: PodRef): Promise<void> | undefined;
}

/** A Pod that is to end. */
interface Departure {
  /** It was told so then. */
  since: number;
  /** The least that it was given, from then on. */
  graceMs: number;
  /** Aborts when it waits for nobody (any more). */
  over: AbortController;
}

/**
 * Has Pods with a grace end only once nobody is sent to them any more: a program that ends at once would reset who has just
 * come. That they are going is told to controllers and to this runtime at the same time, and a machine with much to do may let
 * this runtime hear of it first. Who stops a Pod does not wait for that. After `close` those that still wait run on.
 */
export function stopsLast(
  runtime: PodRuntime,
  { clock, isOffered = async () => false, leaving }: Departures,
): Pick<PodRuntime, 'stop' | 'remove'> & { close(): void } {
  /** By UID. */
  const departures = new Map<string, Departure>();
  const end = async (ref: PodRef, graceMs: number) => {
    const others = leaving?.(ref);
    if (graceMs > 0) await others;
    await runtime.stop(ref, graceMs / 1000);
  };
  const endLast = async (ref: PodRef, address: string, departure: Departure) => {
    const { since, over } = departure;
    const mayWait = (ms: number) => ms < Math.min(mostMs, departure.graceMs) && !over.signal.aborted;
    for (let ms = 0; mayWait(ms) && (await isOffered(address)); ms += paceMs)
      await clock.sleep(paceMs, over.signal);
    if (over.signal.aborted) return;
    over.abort();
    const { graceMs } = departure;
    await end(ref, Math.max(Math.min(graceMs, leastGraceMs), since + graceMs - clock.now()));
  };
  return {
    async stop(ref, graceSeconds) {
      const [since, graceMs] = [clock.now(), graceSeconds * 1000];
      const known = departures.get(ref.uid);
      if (known && graceMs > 0 && !known.over.signal.aborted) {
        known.graceMs = Math.min(known.graceMs, since - known.since + graceMs);
        return;
      }
      known?.over.abort();
      // Who is to end at once waits for nobody.
      if (!known && graceMs > 0) {
        const { podIP, hostIP } = (await runtime.observe(ref)) ?? {};
        const departure = { since, graceMs, over: new AbortController() };
        departures.set(ref.uid, departure);
        if (podIP && podIP !== hostIP && (await isOffered(podIP)))
          return void endLast(ref, podIP, departure)
            // Whatever goes wrong meanwhile, it ends.
            .catch(() => runtime.stop(ref, graceSeconds))
            // It was not written down, on a full disk: whoever wants it gone asks again.
            .catch(() => {});
        departure.over.abort();
      }
      await end(ref, graceMs);
    },
    async remove(ref) {
      departures.get(ref.uid)?.over.abort();
      await runtime.remove(ref);
      departures.delete(ref.uid);
    },
    close() {
      for (const { over } of departures.values()) over.abort();
    },
  };
}
