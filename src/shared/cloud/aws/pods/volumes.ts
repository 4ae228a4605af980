import type { EFSVolumeConfiguration, MountPoint } from '@aws-sdk/client-ecs';
import type { Container, Pod, Volume } from '../../../kinds/schema/types.ts';
import { ConfigError } from '../../podspec/context.ts';
import { expand } from '../../podspec/expand.ts';

/** A volume as the task has it. ECS mounts whole volumes only, so that a mounted part of an empty one is one itself. */
export interface Part {
  /** Its position: names may be made up for each Pod, and its siblings share the definition. */
  name: string;
  volume: Volume;
  subPath?: string;
}

/** The volume that every Pod gets for its API token: left out, as tokens do not reach tasks yet. */
const isTokenVolume = ({ name }: { name: string }) => name.startsWith('kube-api-access-');

export function partsOf({ spec }: Pod): Part[] {
  const mounts = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])].flatMap(
    ({ volumeMounts = [] }) => volumeMounts,
  );
  return (spec?.volumes ?? [])
    .filter((volume) => !isTokenVolume(volume))
    .flatMap((volume, i): Part[] => {
      const own = mounts.filter(({ name }) => name === volume.name);
      const inside = own.flatMap(({ subPath }) => subPath || []);
      if (!volume.emptyDir || own.length === 0 || inside.length < own.length)
        return [{ name: `v${i}`, volume }];
      return [...new Set(inside)].sort().map((subPath, j) => ({ name: `v${i}-${j}`, volume, subPath }));
    });
}

/** Where a container has them. Throws ConfigError for parts that cannot be mounted alone. */
export function mountPoints(container: Container, pod: Pod, env: Record<string, string>): MountPoint[] {
  const parts = partsOf(pod);
  return (container.volumeMounts ?? [])
    .filter((mount) => !isTokenVolume(mount))
    .map(({ name, mountPath, readOnly, subPath, subPathExpr }) => {
      const wanted = (subPathExpr ? expand(subPathExpr, (key) => env[key]) : subPath) || undefined;
      const part = parts.find(({ volume, subPath }) => volume.name === name && subPath === wanted);
      if (part) return { sourceVolume: part.name, containerPath: mountPath, readOnly: Boolean(readOnly) };
      throw new ConfigError(
        wanted
          ? `volumeMount "${mountPath}": Fargate mounts whole volumes, a subPath only of an emptyDir that is mounted by subPaths alone`
          : `volumeMount "${mountPath}": there is no volume "${name}"`,
      );
    });
}

/** An NFS volume on `fs-….efs.<region>.amazonaws.com` is mounted as ECS mounts EFS; others have no way in. */
export function fileSystemOf({ nfs }: Volume): EFSVolumeConfiguration | undefined {
  const fileSystemId = /^(fs-[0-9a-f]+)\.efs\./.exec(nfs?.server ?? '')?.[1];
  if (!fileSystemId) return undefined;
  return { fileSystemId, rootDirectory: nfs?.path || '/', transitEncryption: 'ENABLED' };
}
