import type { Pod } from '../../../../shared/kinds/schema/types.ts';
import type { VolumeFile } from '../../../../shared/podspec/volumes.ts';

/** A file of a volume, and who it belongs to if not to this process's user. */
export interface OwnedFile extends VolumeFile {
  owner?: number;
}

/**
 * Keeps tokens for those they are for, as kubelet does: the one user of all containers, and the Pod's fsGroup. Where a Pod
 * says neither, any of its users may be meant, and the mode stays.
 */
export function tokensOwned({ spec }: Pod, files: ReadonlyMap<string, VolumeFile>): Map<string, OwnedFile> {
  const owner = oneUserOf(spec);
  const isFor = owner !== undefined || spec?.securityContext?.fsGroup !== undefined;
  return new Map(
    Array.from(files, ([path, file]) => {
      const kept =
        file.token && isFor ? { ...file, mode: 0o600, ...(owner !== undefined && { owner }) } : file;
      return [path, kept];
    }),
  );
}

function oneUserOf(spec: Pod['spec']): number | undefined {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec ?? {};
  const users = [...initContainers, ...containers, ...ephemeralContainers].map(
    ({ securityContext }) => securityContext?.runAsUser ?? spec?.securityContext?.runAsUser,
  );
  return new Set(users).size === 1 ? users[0] : undefined;
}
