import type { ProbeKind } from '../../../../shared/podspec/probe.ts';
import type { PodRef, ProbeCount } from '../../../../shared/ports/cloud.ts';

/** The names of probes in Events and figures, as kubelet has them. */
export const probeTitles = {
  startup: 'Startup',
  liveness: 'Liveness',
  readiness: 'Readiness',
} as const satisfies Record<ProbeKind, ProbeCount['type']>;

/** Counts how the probes of each Pod's containers end, over restarts of these, until the Pod is forgotten. */
export class ProbeCounts {
  readonly #byPod = new Map<string, Map<string, ProbeCount>>();

  add({ uid }: PodRef, container: string, kind: ProbeKind, ok: boolean): void {
    const counts = this.#byPod.get(uid) ?? new Map<string, ProbeCount>();
    this.#byPod.set(uid, counts);
    const key = `${container}/${kind}/${ok}`;
    const result = ok ? 'successful' : 'failed';
    const count = (counts.get(key)?.count ?? 0) + 1;
    counts.set(key, { container, type: probeTitles[kind], result, count });
  }

  of({ uid }: PodRef): ProbeCount[] {
    return [...(this.#byPod.get(uid)?.values() ?? [])];
  }

  forget({ uid }: PodRef): void {
    this.#byPod.delete(uid);
  }
}
