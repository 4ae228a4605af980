import type { EFSVolumeConfiguration, MountPoint } from '@aws-sdk/client-ecs';
import type { Container, Pod, Volume } from '../../../shared/kinds/schema/types.ts';
import { claimedSpec } from '../../../shared/podspec/claims.ts';
import { ConfigError, type PodContext } from '../../../shared/podspec/context.ts';
import { expand } from '../../../shared/podspec/expand.ts';
import { type EfsHandle, efsDriver, parseHandle } from '../volumes/handle.ts';

/** A volume as the task has it. ECS mounts whole volumes only, so that a mounted part of an empty one is one itself. */
export interface Part {
  /** Its position: names may be made up for each Pod, and its siblings share the definition. */
  name: string;
  volume: Volume;
  subPath?: string;
}

export function partsOf({ spec }: Pod): Part[] {
  const mounts = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(
    ({ volumeMounts = [] }) => volumeMounts,
  );
  return (spec?.volumes ?? []).flatMap((volume, i): Part[] => {
    const own = mounts.filter(({ name }) => name === volume.name);
    const inside = own.flatMap(({ subPath }) => subPath || []);
    if (!volume.emptyDir || own.length === 0 || inside.length < own.length)
      return [{ name: `v${i}`, volume }];
    return [...new Set(inside)].sort().map((subPath, j) => ({ name: `v${i}-${j}`, volume, subPath }));
  });
}

/** Returns where a container has them. Throws ConfigError for parts that cannot be mounted alone. */
export function mountPoints(container: Container, pod: Pod, env: Record<string, string>): MountPoint[] {
  const parts = partsOf(pod);
  return (container.volumeMounts ?? []).map(({ name, mountPath, readOnly, subPath, subPathExpr }) => {
    const wanted = (subPathExpr ? expand(subPathExpr, (key) => env[key]) : subPath) || undefined;
    const part = parts.find(({ volume, subPath }) => volume.name === name && subPath === wanted);
    if (part) {
      const always = part.volume.persistentVolumeClaim?.readOnly;
      return { sourceVolume: part.name, containerPath: mountPath, readOnly: Boolean(readOnly || always) };
    }
    throw new ConfigError(
      wanted
        ? `volumeMount "${mountPath}": Fargate mounts whole volumes, a subPath only of an emptyDir that is mounted by subPaths alone`
        : `volumeMount "${mountPath}": there is no volume "${name}"`,
    );
  });
}

/** An NFS volume on `fs-….efs.<region>.amazonaws.com` is mounted as ECS mounts EFS; others have no way in. */
export function fileSystemOf({ nfs }: Pick<Volume, 'nfs'>): EFSVolumeConfiguration | undefined {
  const fileSystemId = /^(fs-[0-9a-f]+)\.efs\./.exec(nfs?.server ?? '')?.[1];
  if (!fileSystemId) return undefined;
  return { fileSystemId, rootDirectory: nfs?.path || '/', transitEncryption: 'ENABLED' };
}

/** The same for a claim. Throws ConfigError while it is not bound, and for volumes that are not on EFS. */
export async function claimedFileSystem(
  volume: Volume,
  context: PodContext,
): Promise<EFSVolumeConfiguration> {
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
