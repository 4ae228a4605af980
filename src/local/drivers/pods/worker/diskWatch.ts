import { limitedVolumes, limitsContainers, overrun } from './diskLimits.ts';
import { bytesIn } from './diskUse.ts';
import { isFinished } from './due.ts';
import { runOf } from './records.ts';
import { type PodScope, tell } from './scope.ts';
import type { PodVolumes } from './volumes.ts';

const never = Number.POSITIVE_INFINITY;

/** As often as kubelet looks. */
const lookMs = 10_000;
/** Looking takes no more than this part of the time, however many files there are. */
const share = 20;

/** Evicted Pods have as long to end as kubelet gives them. */
const graceMs = 1_000;

/** Looks now and then at the disk that a Pod uses, beside all else that its worker does, and evicts it for too much. */
export class DiskWatch {
  readonly #scope: PodScope;
  readonly #volumes: Pick<PodVolumes, 'placeOf'>;
  readonly #stop: (graceMs: number) => void;
  #dueAt: number;
  #looking = false;

  constructor(scope: PodScope, volumes: Pick<PodVolumes, 'placeOf'>, stop: (graceMs: number) => void) {
    this.#scope = scope;
    this.#volumes = volumes;
    this.#stop = stop;
    this.#dueAt = scope.deps.clock.now() + lookMs;
  }

  /** Begins to look when it is time. Returns when to ask again, in milliseconds since the epoch. */
  run(): number {
    const now = this.#scope.deps.clock.now();
    const { pod } = this.#scope;
    const isLimited = limitedVolumes(pod).length > 0 || limitsContainers(pod);
    if (!isLimited || isFinished(this.#scope)) return never;
    if (!this.#looking && now < this.#dueAt) return this.#dueAt;
    if (!this.#looking) void this.#look();
    return now + lookMs;
  }

  async #look(): Promise<void> {
    const { pod, record, deps } = this.#scope;
    this.#looking = true;
    const began = deps.clock.now();
    const volumes = new Map<string, number>();
    for (const volume of limitedVolumes(pod))
      volumes.set(volume.name, await bytesIn(this.#volumes.placeOf(volume)));
    const containers = limitsContainers(pod) ? await this.#usedByContainers() : new Map();
    const now = deps.clock.now();
    this.#dueAt = now + Math.max(lookMs, (now - began) * share);
    this.#looking = false;
    const message = overrun(pod, { volumes, containers });
    if (message === undefined || record.end) return;
    record.failure = { reason: 'Evicted', message };
    tell(this.#scope, 'Warning', 'Evicted', message);
    this.#stop(graceMs);
  }

  async #usedByContainers(): Promise<Map<string, number>> {
    const { ref, record, deps } = this.#scope;
    const used = new Map<string, number>();
    for (const c of record.containers)
      if (c.runs > 0) used.set(c.name, (await deps.sandbox.diskUse?.(runOf(ref, c))) ?? 0);
    return used;
  }
}
