import type { Clock } from '../../../src/shared/clock/clock.ts';
import { statusOf } from '../../../src/shared/controllers/pod/status.ts';
import type { Pod } from '../../../src/shared/kinds/schema/types.ts';
import type {
  LogOptions,
  PodObservation,
  PodRef,
  PodRuntime,
  PodSources,
} from '../../../src/shared/ports/cloud.ts';

/**
 * The pod controller's part around a runtime that remembers nothing: keeps each Pod with its status, as the API
 * would, and asks again and again. `forgetful` makes a new runtime for every call, as Lambdas do at worst.
 */
export interface Kubelet extends PodRuntime {
  /** One round over all Pods. */
  round(): Promise<void>;
  podOf(ref: PodRef): Pod | undefined;
  /** What the last round saw. */
  seen(ref: PodRef): PodObservation | undefined;
}

/** `loses`: whether this status is never written, as when a Lambda dies before. */
export function kubelet(open: () => PodRuntime, clock: Clock, loses = () => false): Kubelet {
  const pods = new Map<string, { ref: PodRef; pod: Pod; sources: PodSources; seen?: PodObservation }>();

  async function reconcile(uid: string): Promise<void> {
    const known = pods.get(uid);
    if (!known || known.pod.metadata.deletionTimestamp) return;
    const runtime = open();
    await runtime.ensure(known.ref, known.pod, known.sources);
    keep(uid, await runtime.observe(known.ref, known.pod));
  }

  function keep(uid: string, seen: PodObservation | undefined): void {
    const known = pods.get(uid);
    if (known) known.seen = seen;
    if (known && seen && !loses())
      known.pod = { ...known.pod, status: statusOf(known.pod, seen, clock.now()) };
  }

  return {
    podOf: (ref) => pods.get(ref.uid)?.pod,
    seen: (ref) => pods.get(ref.uid)?.seen,
    async round() {
      for (const uid of pods.keys()) await reconcile(uid);
    },
    nodes: () => open().nodes(),
    async ensure(ref, pod, sources) {
      if (!pods.has(ref.uid)) pods.set(ref.uid, { ref, pod, sources });
      await reconcile(ref.uid);
    },
    async observe(ref) {
      const seen = await open().observe(ref, pods.get(ref.uid)?.pod);
      keep(ref.uid, seen);
      return seen;
    },
    changes: (signal) => open().changes(signal),
    async stop(ref, graceSeconds) {
      const known = pods.get(ref.uid);
      if (known) {
        const deletionTimestamp = new Date(clock.now()).toISOString();
        known.pod = { ...known.pod, metadata: { ...known.pod.metadata, deletionTimestamp } };
      }
      await open().stop(ref, graceSeconds);
    },
    async remove(ref) {
      pods.delete(ref.uid);
      await open().remove(ref);
    },
    list: () => open().list(),
    logs: (ref: PodRef, container: string, options: LogOptions) =>
      open().logs(ref, container, options, pods.get(ref.uid)?.pod),
  };
}
