import type { EFSVolumeConfiguration } from '@aws-sdk/client-ecs';
import type { Volume } from '../../../kinds/schema/types.ts';

/** An NFS volume on `fs-….efs.<region>.amazonaws.com` is mounted as ECS mounts EFS; others have no way in. */
export function fileSystemOf({ nfs }: Volume): EFSVolumeConfiguration | undefined {
  const fileSystemId = /^(fs-[0-9a-f]+)\.efs\./.exec(nfs?.server ?? '')?.[1];
  if (!fileSystemId) return undefined;
  return { fileSystemId, rootDirectory: nfs?.path || '/', transitEncryption: 'ENABLED' };
}
