import { createHash } from 'node:crypto';
import { lstat, mkdir, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type {
  Container,
  HostPathVolumeSource,
  Volume,
  VolumeMount,
} from '../../../../shared/kinds/schema/types.ts';
import { claimedSpec, isClaimed } from '../../../../shared/podspec/claims.ts';
import { ConfigError, type PodContext } from '../../../../shared/podspec/context.ts';
import { subPathOf } from '../../../../shared/podspec/subPath.ts';
import { isProjected, volumeFiles } from '../../../../shared/podspec/volumes.ts';
import type { Mount } from '../sandbox.ts';
import { writeVolume } from './atomicVolume.ts';
import { prepareHostPath } from './hostPath.ts';
import { memorySize, mountMemory } from './memoryVolume.ts';
import { canGive, giveTo, isGiven, openScratch } from './ownership.ts';
import { pauses } from './pauses.ts';
import { readInside, subSource } from './subPath.ts';
import { type OwnedFile, tokensOwned } from './tokenOwners.ts';
import { VolumeUsers } from './volumeUsers.ts';

/** The volumes of one Pod on this machine's disk. */
export class PodVolumes {
  readonly #folder: string;
  readonly #memory: string | undefined;
  readonly #written = new Map<string, string>();
  /** Says where the claimed ones stand, by their name in the Pod. */
  readonly #claimed = new Map<string, string>();
  #version = 0;

  readonly #users: VolumeUsers;

  /**
   * @param memory A folder that is not written to a disk.
   * @param users Says which Pods mount a folder of this machine through a claim.
   */
  constructor(folder: string, memory: string | undefined, users = new VolumeUsers()) {
    this.#folder = folder;
    this.#memory = memory;
    this.#users = users;
  }

  /**
   * Makes every volume, or brings those made from objects up to date. Throws MountFailure.
   * @param hasRun Says whether a container of the Pod has run with them, maybe for an earlier control plane.
   */
  async write(volumes: Volume[], context: PodContext, now: number, hasRun = false): Promise<void> {
    const pause = pauses();
    const { fsGroup } = context.pod.spec?.securityContext ?? {};
    for (const volume of volumes) {
      try {
        await pause();
        if (isProjected(volume)) await this.#project(volume, context, now, fsGroup);
        else if (volume.emptyDir) await this.#scratch(volume, context, hasRun, fsGroup);
        else if (volume.hostPath) await prepareHostPath(volume.hostPath);
        else if (isClaimed(volume)) await this.#claim(volume, context, hasRun);
        else throw new ConfigError(`volumes of type ${typeOf(volume)} do not exist on this node`);
      } catch (error) {
        throw new MountFailure(
          `MountVolume.SetUp failed for volume "${volume.name}" : ${(error as Error).message}`,
        );
      }
    }
  }

  /** Returns what a container mounts, once write() has made it. Throws ConfigError. */
  async mounts(container: Container, volumes: Volume[], env: Record<string, string>): Promise<Mount[]> {
    const byName = new Map(volumes.map((volume) => [volume.name, volume]));
    const mounts: Mount[] = [];
    for (const mount of container.volumeMounts ?? []) {
      const volume = byName.get(mount.name);
      if (!volume)
        throw new ConfigError(
          `cannot find volume "${mount.name}" to mount into container "${container.name}"`,
        );
      if (isClaimed(volume) && !this.#claimed.has(mount.name))
        throw new ConfigError(`volume "${mount.name}" is not mounted yet`);
      const base = this.#claimed.get(mount.name) ?? volume.hostPath?.path ?? this.placeOf(volume);
      const source = await subSource(base, subPathOf(mount, env), mount, container);
      mounts.push({
        ...{ source, target: mount.mountPath, readOnly: Boolean(mount.readOnly) },
        ...propagationOf(mount),
      });
    }
    return mounts;
  }

  /** Reads a file of an emptyDir, without following a link out of it. Undefined where there is none. Throws ConfigError. */
  async text(name: string, path: string, volumes: Volume[]): Promise<string | undefined> {
    const volume = volumes.find((each) => each.name === name);
    if (!volume?.emptyDir) throw new ConfigError(`cannot find the volume "${name}" referenced by FileKeyRef`);
    return readInside(this.placeOf(volume), path);
  }

  /** Returns where a volume stands. What is secret, or is asked to, does so in memory where there is such a place. */
  placeOf(volume: Volume): string {
    return join(this.#memory && isForMemory(volume) ? this.#memory : this.#folder, volume.name);
  }

  async #claim(volume: Volume, context: PodContext, hasRun: boolean): Promise<void> {
    const spec = await claimedSpec(volume, context);
    const folder: HostPathVolumeSource | undefined =
      spec.hostPath ?? (spec.local && { path: spec.local.path, type: 'Directory' });
    if (!folder) throw new ConfigError('only volumes of type hostPath and local exist on this node');
    await prepareHostPath(folder);
    // As with kubelet, what is the machine's own is nobody's to give away; a local volume is the Pod's.
    const isToWrite = spec.local && !volume.persistentVolumeClaim?.readOnly;
    const isFirst = !hasRun && !this.#claimed.has(volume.name);
    const real = await realpath(folder.path);
    const { fsGroup, fsGroupChangePolicy } = context.pod.spec?.securityContext ?? {};
    // Whoever mounts it, the next one is told.
    const isAlone = this.#users.note(real, context.ref.uid);
    if (isFirst && isToWrite && fsGroup !== undefined && isAlone)
      if (fsGroupChangePolicy !== 'OnRootMismatch' || !isGiven(await lstat(real), fsGroup))
        // The folder itself is given last: when it is as it should be, everything in it is.
        await giveTo(real, fsGroup, 0o660);
    this.#claimed.set(volume.name, folder.path);
  }

  async #project(volume: Volume, context: PodContext, now: number, fsGroup?: number): Promise<void> {
    const made = await volumeFiles(volume, context);
    const files = canGive ? tokensOwned(context.pod, made) : made;
    const digest = digestOf(files);
    if (this.#written.get(volume.name) === digest) return;
    const place = this.placeOf(volume);
    await mkdir(place, { recursive: true });
    await writeVolume(place, files, `${now}.${this.#version++}`);
    await giveTo(place, fsGroup, 0o440);
    this.#written.set(volume.name, digest);
  }

  /**
   * Makes it, and opens what a control plane has left that was killed before it had. Not once a container has run with it: programs
   * may change its mode.
   */
  async #scratch(
    volume: Volume,
    { pod, allocatable }: PodContext,
    hasRun: boolean,
    fsGroup?: number,
  ): Promise<void> {
    const place = this.placeOf(volume);
    if ((await mkdir(place, { recursive: true })) === undefined && hasRun) return;
    if (this.#memory && volume.emptyDir?.medium === 'Memory')
      await mountMemory(place, memorySize(volume, pod, allocatable));
    await openScratch(place, fsGroup);
  }
}

function propagationOf({ mountPropagation }: VolumeMount): Pick<Mount, 'propagation'> {
  return mountPropagation === 'HostToContainer' || mountPropagation === 'Bidirectional'
    ? { propagation: mountPropagation }
    : {};
}

const isForMemory = ({ secret, projected, emptyDir }: Volume): boolean =>
  Boolean(
    secret ||
      emptyDir?.medium === 'Memory' ||
      projected?.sources?.some((source) => source.secret || source.serviceAccountToken),
  );

/** A volume cannot be made; the Pod waits for it. */
export class MountFailure extends Error {}

const typeOf = ({ name: _, ...rest }: Volume) => Object.keys(rest)[0] ?? 'none';

function digestOf(files: ReadonlyMap<string, OwnedFile>): string {
  const hash = createHash('sha256');
  for (const [path, { data, mode, owner }] of files)
    hash.update(`${path}\0${mode}\0${owner}\0${data.length}\0`).update(data);
  return hash.digest('base64');
}
