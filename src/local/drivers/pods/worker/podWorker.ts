import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import { isSidecar } from '../../../../shared/podspec/restart.ts';
import type { PodObservation, PodRef, PodSources } from '../../../../shared/ports/cloud.ts';
import type { Key } from '../../../../shared/ports/storage.ts';
import { DiskWatch } from './diskWatch.ts';
import { deadlineAt, endAfter, firstToEnd, graceMsOf, isFinished, retryAt } from './due.ts';
import { endContainer } from './ending.ts';
import type { Journal } from './journal.ts';
import { observationOf } from './observation.ts';
import { isOver, reap } from './outcome.ts';
import { Preparation } from './preparing.ts';
import { probe, probeReadiness } from './probing.ts';
import { Pulse } from './pulse.ts';
import { addEphemeral, type ContainerRecord, type PodRecord } from './records.ts';
import { isResized, resizedInPlace } from './resizing.ts';
import { type PodScope, specOf, tell, type WorkerDeps } from './scope.ts';
import { startContainer } from './starting.ts';
import { cachedTokens } from './tokens.ts';
import { PodVolumes } from './volumes.ts';

const never = Number.POSITIVE_INFINITY;

/**
 * Brings one Pod's containers to what they should be, step by step, as kubelet does: look what is, do what is next,
 * write down, sleep until something happens or is due.
 */
export class PodWorker {
  readonly #scope: PodScope;
  readonly #preparation: Preparation;
  readonly #disk: DiskWatch;
  readonly #ending = new Map<string, Promise<void>>();
  readonly #probing = new Map<string, AbortController>();
  #closed = false;
  #dirty = true;
  #done: Promise<void>;

  constructor(
    deps: WorkerDeps,
    journal: Journal,
    ref: PodRef,
    pod: Pod,
    record: PodRecord,
    changed: () => void,
  ) {
    const folder = `${journal.folderOf(ref)}/volumes`;
    const save = () => {
      if (this.#closed) return;
      journal.saveState(ref, record);
      changed();
      this.#wake();
    };
    this.#scope = { deps, ref, pod, record, sources: undefined, folder, pulse: new Pulse(deps.clock), save };
    const volumes = new PodVolumes(folder, deps.memory && `${deps.memory}/${ref.uid}`, deps.volumeUsers);
    this.#preparation = new Preparation(this.#scope, volumes);
    this.#disk = new DiskWatch(this.#scope, volumes, (graceMs) => this.stop(graceMs));
    this.#done = this.#work();
  }

  get ref(): PodRef {
    return this.#scope.ref;
  }

  ensure(pod: Pod, sources: PodSources): void {
    this.#scope.pod = pod;
    if (addEphemeral(this.#scope.record, pod)) this.#scope.save();
    this.#scope.sources ??= cachedTokens(sources, this.#scope.deps.clock);
    this.#preparation.again();
    this.#wake();
  }

  /** Writes volumes that are made of the object, which has changed, again at once. */
  sourceChanged(source: Key): void {
    if (this.#preparation.sourceChanged(source)) this.#wake();
  }

  observe(): PodObservation {
    return observationOf(this.#scope);
  }

  stop(graceMs: number): void {
    const { record, deps, save } = this.#scope;
    const deadline = deps.clock.now() + graceMs;
    if (record.end && record.end.deadline <= deadline) return;
    record.end = { deadline };
    save();
  }

  /** Ends it at once if it has not ended, and resolves when nothing runs. */
  async end(): Promise<void> {
    this.stop(0);
    while (!this.#scope.record.stopped && !this.#closed) await this.#scope.pulse.next(1000);
  }

  /** Looks at once. */
  look(): void {
    this.#wake();
  }

  /** Lets go of the Pod, which goes on running. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const probing of this.#probing.values()) probing.abort();
    this.#wake();
    await this.#done;
  }

  #wake(): void {
    this.#dirty = true;
    this.#scope.pulse.beat();
  }

  async #work(): Promise<void> {
    const { pulse, deps } = this.#scope;
    while (!this.#closed) {
      this.#dirty = false;
      const next = await this.#sync().catch((error: Error) => {
        tell(this.#scope, 'Warning', 'FailedSync', `error syncing pod: ${error.message}`);
        return deps.clock.now() + deps.retryMs;
      });
      if (!this.#dirty && !this.#closed) await pulse.next(next - deps.clock.now());
    }
  }

  /** One step. Answers when the next is due, ms since the epoch. */
  async #sync(): Promise<number> {
    const { record, sources } = this.#scope;
    for (const c of record.containers) await this.#reap(c);
    if (record.stopped || this.#closed) return never;
    const deadline = this.#deadline();
    if (record.end) {
      this.#endAll();
      return never;
    }
    if (!sources) return deadline;
    if (!(await this.#preparation.run())) return Math.min(deadline, this.#preparation.dueAt);
    await this.#startNext();
    return Math.min(deadline, retryAt(this.#scope), this.#preparation.dueAt, this.#disk.run());
  }

  async #reap(c: ContainerRecord): Promise<void> {
    const asked = c.starting;
    if (!(await reap(this.#scope, c))) {
      // Adopted from an earlier control plane.
      if (c.state === 'running' && !this.#probing.has(c.name)) this.#watch(c);
      return;
    }
    this.#probing.get(c.name)?.abort();
    this.#probing.delete(c.name);
    if (asked && c.startedAt !== undefined) tell(this.#scope, 'Normal', 'Started', 'Container started', c);
    if (c.state === 'running') this.#watch(c);
    this.#scope.save();
  }

  /** activeDeadlineSeconds ends the Pod as a whole. Answers when. */
  #deadline(): number {
    const { record, deps } = this.#scope;
    const at = deadlineAt(this.#scope);
    if (at > deps.clock.now()) return at;
    const message = 'Pod was active on the node longer than the specified deadline';
    record.failure = { reason: 'DeadlineExceeded', message };
    tell(this.#scope, 'Normal', 'DeadlineExceeded', message);
    this.stop(graceMsOf(this.#scope.pod));
    return never;
  }

  /** Init containers one after another, sidecars among them staying; then all others together. */
  async #startNext(): Promise<void> {
    const { record } = this.#scope;
    if (isFinished(this.#scope)) return void this.#endSidecars();
    await this.#startEphemeral();
    const initialized = record.containers.some((c) => !c.init && !c.ephemeral && c.runs > 0);
    for (const c of record.containers.filter(({ ephemeral }) => !ephemeral)) {
      if (record.end) return;
      const spec = specOf(this.#scope, c);
      if (c.state === 'running') {
        if (c.image !== undefined && spec.image !== c.image)
          this.#replace(c, `Container ${c.name} definition changed, will be restarted`);
        else if (isResized(c, spec) && !(await resizedInPlace(this.#scope, c, spec)))
          this.#replace(c, `Container ${c.name} resize requires restart`);
        if (c.init && !initialized && !(isSidecar(spec, true) && c.started)) return;
      } else if (!isOver(this.#scope, c)) {
        await startContainer(this.#scope, c, this.#preparation.volumes);
        await this.#reap(c);
        if (c.init && !initialized) return;
      }
    }
  }

  /** They wait for nobody, and nobody waits for them. */
  async #startEphemeral(): Promise<void> {
    for (const c of this.#scope.record.containers) {
      if (!c.ephemeral || c.state === 'running' || isOver(this.#scope, c)) continue;
      await startContainer(this.#scope, c, this.#preparation.volumes);
      await this.#reap(c);
    }
  }

  #watch(c: ContainerRecord): void {
    this.#probing.get(c.name)?.abort();
    const probing = new AbortController();
    this.#probing.set(c.name, probing);
    // A Pod on its way out is no longer judged by its liveness.
    if (this.#scope.record.end) return void probeReadiness(this.#scope, c, probing.signal);
    void probe(this.#scope, c, probing.signal, (kind) => {
      const { graceMs, why } = endAfter(kind, this.#scope, c);
      this.#end(c, graceMs, why);
    });
  }

  #endAll(): void {
    const { record, save } = this.#scope;
    const lives = record.containers.filter(({ state, starting }) => state === 'running' || starting);
    if (!lives.length) {
      record.stopped = true;
      this.#preparation.leave();
      save();
      return;
    }
    for (const c of firstToEnd(this.#scope, lives)) this.#end(c, never, `Stopping container ${c.name}`);
  }

  #endSidecars(): void {
    const last = this.#scope.record.containers.filter((c) => c.init && c.state === 'running').at(-1);
    if (last) this.#end(last, graceMsOf(this.#scope.pod), `Stopping container ${last.name}`);
  }

  /** Whatever the restart policy and earlier failures: another container takes its place. */
  #replace(c: ContainerRecord, why: string): void {
    const { startedAt, ready, started, resources } = c;
    Object.assign(c, { replaced: { startedAt, ready, started, resources }, backOff: undefined });
    this.#end(c, graceMsOf(this.#scope.pod), why);
  }

  #end(c: ContainerRecord, graceMs: number, why: string): void {
    if (this.#ending.has(c.name) || c.state !== 'running') return;
    const { deps, record } = this.#scope;
    const own = deps.clock.now() + graceMs;
    const deadline = () => Math.min(own, record.end?.deadline ?? never);
    if (record.end) this.#watch(c);
    const ending = endContainer(this.#scope, c, deadline, why, () => this.#closed)
      .catch((error: Error) => tell(this.#scope, 'Warning', 'FailedKillPod', error.message, c))
      .finally(() => {
        this.#ending.delete(c.name);
        this.#wake();
      });
    this.#ending.set(c.name, ending);
  }
}
