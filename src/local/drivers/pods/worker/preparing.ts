import { isClaimed } from '../../../../shared/podspec/claims.ts';
import { isMadeOf, isProjected } from '../../../../shared/podspec/volumes.ts';
import type { Key } from '../../../../shared/ports/storage.ts';
import { isFinished } from './due.ts';
import { closeHostPorts, openHostPorts } from './hostPorts.ts';
import { contextOf, type PodScope, tell } from './scope.ts';
import type { PodVolumes } from './volumes.ts';

const never = Number.POSITIVE_INFINITY;

/** Gives a Pod its address and its volumes before its containers start, and keeps projected volumes fresh. */
export class Preparation {
  readonly volumes: PodVolumes;
  readonly #scope: PodScope;
  #dueAt = 0;
  /** Says whether the volumes were there at the last look. */
  #mounted = false;

  constructor(scope: PodScope, volumes: PodVolumes) {
    this.#scope = scope;
    this.volumes = volumes;
  }

  /** Returns when the volumes are to be written again, in milliseconds since the epoch. */
  get dueAt(): number {
    return this.#dueAt;
  }

  /** Has the next run write the volumes, whenever they are due. */
  again(): void {
    this.#dueAt = 0;
  }

  /** Returns whether volumes are made of this object, which has changed; the next run writes them again then. */
  sourceChanged({ cluster, namespace, resource, name }: Key): boolean {
    const { ref, pod } = this.#scope;
    if (ref.namespace !== namespace || ref.cluster !== cluster) return false;
    const isSource = pod.spec?.volumes?.some((volume) => isMadeOf(volume, resource, name)) ?? false;
    if (isSource) this.again();
    return isSource;
  }

  /** Prepares what is missing or due. Returns whether containers may start. */
  async run(): Promise<boolean> {
    const { deps, pod, record, ref } = this.#scope;
    const now = deps.clock.now();
    if (record.ip && isFinished(this.#scope) && !this.#isRunning()) {
      this.leave();
      this.#dueAt = never;
      return false;
    }
    const isNew = !record.ip;
    if (isNew) {
      // Neither needs the other, and both take their time.
      const mounting = this.#mount(now);
      try {
        record.ip = pod.spec?.hostNetwork ? deps.hostIP : (await deps.sandbox.setup(ref, pod)).ip;
      } finally {
        await mounting;
      }
      // Only once: the network may have been tried before.
      this.#tellOfUsers();
    }
    const isOpen = await openHostPorts(this.#scope);
    if (!isOpen) this.#dueAt = now + deps.retryMs;
    else await this.#mount(now);
    const isReady = isOpen && this.#isReady();
    // Else it is written down with the start of a container, or the pull of its image.
    if (isNew && !isReady) this.#scope.save();
    return isReady;
  }

  #tellOfUsers(): void {
    const { deps, pod } = this.#scope;
    if (pod.spec?.hostUsers !== false || deps.sandbox.separatesUsers !== false) return;
    const message =
      'hostUsers: false makes no user namespace in this runtime: users of its containers are users of this machine';
    tell(this.#scope, 'Warning', 'UnsupportedHostUsers', message);
  }

  /** Writes the volumes if they are due. Never rejects: an Event says why they could not be written. */
  async #mount(now: number): Promise<void> {
    if (this.#dueAt > now) return;
    const { deps, pod, record, ref } = this.#scope;
    const volumes = pod.spec?.volumes ?? [];
    let next = now + deps.retryMs;
    // again() may be called while they are written.
    this.#dueAt = never;
    try {
      await this.volumes.write(
        volumes,
        contextOf(this.#scope),
        now,
        record.containers.some(({ runs }) => runs > 0),
      );
      if (volumes.some(isClaimed)) record.claimed = deps.volumeUsers.foldersOf(ref.uid);
      next = volumes.some(isProjected) ? now + deps.refreshMs : never;
      this.#mounted = true;
    } catch (error) {
      tell(this.#scope, 'Warning', 'FailedMount', (error as Error).message);
      this.#mounted = false;
    }
    this.#dueAt = Math.min(this.#dueAt, next);
  }

  /** Gives back what is the Pod's only as long as something of it runs: its ports of this machine, and what it has claimed. */
  leave(): void {
    const { deps, ref, record } = this.#scope;
    closeHostPorts(this.#scope);
    deps.volumeUsers.forget(ref.uid);
    if (!record.claimed) return;
    record.claimed = undefined;
    this.#scope.save();
  }

  /** What runs already goes on with the files it has, whatever has become of the objects they are made from. */
  #isReady(): boolean {
    return this.#mounted || this.#isRunning();
  }

  #isRunning(): boolean {
    return this.#scope.record.containers.some(({ state }) => state === 'running');
  }
}
