import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, realpathSync, statSync, writeFileSync } from 'node:fs';
import { join, normalize } from 'node:path';
import type { Container, HostPathVolumeSource, Volume } from '../../../../shared/kinds/schema/types.ts';
import { claimedSpec } from '../../../../shared/podspec/claims.ts';
import { ConfigError, type PodContext } from '../../../../shared/podspec/context.ts';
import { expand } from '../../../../shared/podspec/expand.ts';
import { isProjected, type VolumeFiles, volumeFiles } from '../../../../shared/podspec/volumes.ts';
import type { Mount } from '../sandbox.ts';
import { writeVolume } from './atomicVolume.ts';

/** The volumes of one Pod on this machine's disk. */
export class PodVolumes {
  readonly #folder: string;
  readonly #written = new Map<string, string>();
  /** Where the claimed ones stand, by their name in the Pod. */
  readonly #claimed = new Map<string, string>();
  #version = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Makes every volume, or brings those made from objects up to date. Throws MountFailure. */
  async write(volumes: Volume[], context: PodContext, now: number): Promise<void> {
    for (const volume of volumes) {
      try {
        if (isProjected(volume)) this.#project(volume.name, await volumeFiles(volume, context), now);
        else if (volume.emptyDir) mkdirSync(this.#place(volume.name), { recursive: true });
        else if (volume.hostPath) prepareHostPath(volume.hostPath);
        else if (volume.persistentVolumeClaim) await this.#claim(volume, context);
        else throw new ConfigError(`volumes of type ${typeOf(volume)} do not exist on this node`);
      } catch (error) {
        throw new MountFailure(
          `MountVolume.SetUp failed for volume "${volume.name}" : ${(error as Error).message}`,
        );
      }
    }
  }

  /** What a container mounts, once write() has made it. */
  mounts(container: Container, volumes: Volume[], env: Record<string, string>): Mount[] {
    return (container.volumeMounts ?? []).map(({ name, mountPath, subPath, subPathExpr, readOnly }) => {
      const volume = volumes.find((each) => each.name === name);
      const inside = subPathExpr ? expand(subPathExpr, (key) => env[key]) : (subPath ?? '');
      if (volume?.persistentVolumeClaim && !this.#claimed.has(name))
        throw new ConfigError(`volume "${name}" is not mounted yet`);
      const base = this.#claimed.get(name) ?? volume?.hostPath?.path ?? this.#place(name);
      return { source: subSource(base, inside), target: mountPath, readOnly: Boolean(readOnly) };
    });
  }

  #place(name: string): string {
    return join(this.#folder, name);
  }

  async #claim(volume: Volume, context: PodContext): Promise<void> {
    const spec = await claimedSpec(volume, context);
    const folder: HostPathVolumeSource | undefined =
      spec.hostPath ?? (spec.local && { path: spec.local.path, type: 'Directory' });
    if (!folder) throw new ConfigError('only volumes of type hostPath and local exist on this node');
    prepareHostPath(folder);
    this.#claimed.set(volume.name, folder.path);
  }

  #project(name: string, files: VolumeFiles, now: number): void {
    const digest = digestOf(files);
    if (this.#written.get(name) === digest) return;
    mkdirSync(this.#place(name), { recursive: true });
    writeVolume(this.#place(name), files, `${now}.${this.#version++}`);
    this.#written.set(name, digest);
  }
}

/** A volume cannot be made; the Pod waits for it. */
export class MountFailure extends Error {}

const typeOf = ({ name: _, ...rest }: Volume) => Object.keys(rest)[0] ?? 'none';

function digestOf(files: VolumeFiles): string {
  const hash = createHash('sha256');
  for (const [path, { data, mode }] of files) hash.update(`${path}\0${mode}\0${data.length}\0`).update(data);
  return hash.digest('base64');
}

/** A part of a volume: made as a folder when it is not there; a file made from an object stays as it is now. */
function subSource(base: string, inside: string): string {
  if (!inside) return base;
  const place = join(base, normalize(`/${inside}`));
  if (!existsSync(place)) mkdirSync(place, { recursive: true });
  return realpathSync(place);
}

function prepareHostPath({ path, type }: HostPathVolumeSource): void {
  if (type === 'DirectoryOrCreate') mkdirSync(path, { recursive: true });
  if (type === 'FileOrCreate') writeFileSync(path, '', { flag: 'a' });
  const found = statSync(path, { throwIfNoEntry: false });
  const fits = type?.startsWith('Directory')
    ? found?.isDirectory()
    : type?.startsWith('File')
      ? found?.isFile()
      : !type || found;
  if (!fits) throw new ConfigError(`hostPath type check failed: ${path} is not a ${type}`);
}
