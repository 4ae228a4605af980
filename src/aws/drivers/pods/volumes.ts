import { posix } from 'node:path';
import type { EFSVolumeConfiguration, MountPoint } from '@aws-sdk/client-ecs';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { Container, Pod, Volume } from '../../../shared/kinds/schema/types.ts';
import { claimedSpec, isClaimed } from '../../../shared/podspec/claims.ts';
import { containersOf } from '../../../shared/podspec/containers.ts';
import { ConfigError, type PodContext } from '../../../shared/podspec/context.ts';
import { isProjected } from '../../../shared/podspec/volumes.ts';
import { type EfsHandle, efsDriver, parseHandle } from '../volumes/handle.ts';
import { BeingMade, type VolumeParts } from '../volumes/volumeParts.ts';
import type { Views } from './context.ts';

/**
 * A volume as the task has it. ECS mounts whole volumes at folders only, so that a mounted part of one that is empty or made
 * of files is a volume itself.
 */
export interface Part {
  /** Its position: names may be made up for each Pod, and its siblings share the definition. */
  name: string;
  volume: Volume;
  subPath?: string;
}

/** Returns the volumes of the task. Mounts have no `subPathExpr` any more: subPaths.ts. */
export function partsOf(pod: Pod): Part[] {
  const mounts = containersOf(pod).flatMap(({ volumeMounts = [] }) => volumeMounts);
  return (pod.spec?.volumes ?? []).flatMap((volume, i): Part[] => {
    const own = mounts.filter(({ name }) => name === volume.name);
    const inside = [...new Set(own.flatMap(({ subPath }) => subPath || []))];
    const parts = inside.map((subPath, j) => ({ name: `v${i}-${j}`, volume, subPath }));
    const isWhole = own.length === 0 || own.some(({ subPath }) => !subPath);
    const whole = { name: `v${i}`, volume };
    // Files are copied into each part, and of a folder of EFS, a volume of its own, both see what is written.
    if (isProjected(volume) || isOnEfs(volume)) return isWhole ? [whole, ...parts] : parts;
    // What is written into an empty volume has to be seen in all of them.
    return isWhole || !volume.emptyDir ? [whole] : parts;
  });
}

const isOnEfs = (volume: Volume): boolean => isClaimed(volume) || fileSystemOf(volume) !== undefined;

/** What a Pod waits for is there in a moment, however long it has waited for other things. */
export class SoonThere extends ConfigError {
  readonly retryMs = 2_000;
}

/**
 * Returns what is mounted of file systems, in the order of the parts and undefined for the others. Asks for all at once, since
 * EFS takes its time for each access point. Throws ConfigError for the first that cannot be mounted.
 */
export async function fileSystemsOf(
  parts: Part[],
  { own, volumeParts }: Pick<Views, 'own' | 'volumeParts'>,
): Promise<(EFSVolumeConfiguration | undefined)[]> {
  const claimed = new Map<Volume, Promise<EFSVolumeConfiguration>>();
  const readClaim = (volume: Volume) => {
    const reading = claimed.get(volume) ?? claimedFileSystem(volume, own);
    claimed.set(volume, reading);
    return reading;
  };
  const all = await Promise.allSettled(
    parts.map(async (part) => {
      const { volume } = part;
      const whole = isClaimed(volume) ? await readClaim(volume) : fileSystemOf(volume);
      return whole && partOfFileSystem(whole, part, volumeParts);
    }),
  );
  return all.map((each) => {
    if (each.status === 'rejected') throw each.reason;
    return each.value;
  });
}

/**
 * Returns a part of a file system: the folder that a subPath names. It has to be there, since ECS mounts what is and makes
 * nothing; of an access point, which ECS mounts whole, the folder becomes an access point itself, and EFS makes it. Throws
 * ConfigError for a folder that cannot be one.
 */
async function partOfFileSystem(
  whole: EFSVolumeConfiguration,
  { volume, subPath }: Part,
  parts: VolumeParts | undefined,
): Promise<EFSVolumeConfiguration> {
  if (!subPath) return whole;
  const { accessPointId } = whole.authorizationConfig ?? {};
  if (!accessPointId) return { ...whole, rootDirectory: posix.join(whole.rootDirectory ?? '/', subPath) };
  if (!parts) throw new ConfigError(`volume "${volume.name}": nobody makes access points here`);
  try {
    const part = await parts.pointOf(accessPointId, subPath);
    return { ...whole, authorizationConfig: { ...whole.authorizationConfig, accessPointId: part } };
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    const message = `failed to prepare subPath "${subPath}" of volume "${volume.name}": ${error.message}`;
    if (error instanceof BeingMade) throw new SoonThere(message, 'ContainerCreating');
    throw new ConfigError(message, error.reason === 'ServiceUnavailable' ? 'ContainerCreating' : undefined);
  }
}

/** A file that is put where its container has it before its program starts, since ECS mounts folders only. */
export interface PlacedFile {
  from: string;
  to: string;
}

/** Describes what a container has of the volumes. */
export interface Mounted {
  points: MountPoint[];
  placed: PlacedFile[];
}

/** The name of the file in a part that is one. */
export const onlyFile = 'file';

/**
 * Returns where a container has its volumes. `files` names the parts that are a single file. Throws ConfigError for parts that
 * cannot be mounted alone.
 */
export function mountsOf(container: Container, pod: Pod, files: ReadonlySet<string>): Mounted {
  const parts = partsOf(pod);
  const points = new Map<string, MountPoint>();
  const placed: PlacedFile[] = [];
  for (const { name, mountPath, readOnly, subPath } of container.volumeMounts ?? []) {
    const part = parts.find((each) => each.volume.name === name && each.subPath === (subPath || undefined));
    if (!part) throw noPart(name, mountPath, Boolean(subPath));
    const isFile = files.has(part.name);
    const containerPath = isFile ? `/.shallop-${part.name}` : mountPath;
    if (isFile) placed.push({ from: `${containerPath}/${onlyFile}`, to: mountPath });
    const always = isFile || part.volume.persistentVolumeClaim?.readOnly;
    points.set(containerPath, {
      sourceVolume: part.name,
      containerPath,
      readOnly: Boolean(readOnly || always),
    });
  }
  return { points: [...points.values()], placed };
}

const noPart = (name: string, mountPath: string, isPart: boolean) =>
  new ConfigError(
    isPart
      ? `volumeMount "${mountPath}": Fargate mounts whole volumes, a subPath only of volumes of files and of an emptyDir that is mounted by subPaths alone`
      : `volumeMount "${mountPath}": there is no volume "${name}"`,
  );

/** An NFS volume on `fs-….efs.<region>.amazonaws.com` is mounted as ECS mounts EFS; others have no way in. */
export function fileSystemOf({ nfs }: Pick<Volume, 'nfs'>): EFSVolumeConfiguration | undefined {
  const fileSystemId = /^(fs-[0-9a-f]+)\.efs\./.exec(nfs?.server ?? '')?.[1];
  if (!fileSystemId) return undefined;
  return { fileSystemId, rootDirectory: nfs?.path || '/', transitEncryption: 'ENABLED' };
}

/** The same for a claim. Throws ConfigError while it is not bound, and for volumes that are not on EFS. */
async function claimedFileSystem(volume: Volume, context: PodContext): Promise<EFSVolumeConfiguration> {
  const { csi, nfs } = await claimedSpec(volume, context);
  const handle = csi?.driver === efsDriver ? parseHandle(csi.volumeHandle) : undefined;
  const found = handle ? mountOf(handle) : fileSystemOf({ nfs });
  if (found) return found;
  throw new ConfigError(`volume "${volume.name}": Fargate mounts claims of volumes on EFS only`);
}

function mountOf({ fileSystemId, path, accessPointId }: EfsHandle): EFSVolumeConfiguration {
  // An access point has a root of its own, and ECS takes no path beside it.
  if (path && path !== '/' && accessPointId)
    throw new ConfigError('ECS mounts an access point of EFS or a path of a file system, not a path of both');
  return {
    fileSystemId,
    rootDirectory: path ?? '/',
    transitEncryption: 'ENABLED',
    ...(accessPointId && { authorizationConfig: { accessPointId } }),
  };
}
