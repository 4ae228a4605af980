import type { CreateAccessPointCommandInput } from '@aws-sdk/client-efs';
import type { VolumeRef } from '../../../shared/ports/cloud.ts';
import { tagsOf } from '../tags.ts';
import type { AccessPointSettings } from './parameters.ts';

/** Pure: from what is wanted to what EFS is asked. The claim's uid makes a repeated request the same one. */
export const createAccessPointRequest = (
  deployment: string,
  ref: VolumeRef,
  { fileSystemId, permissions, basePath, uid, gid }: AccessPointSettings,
): CreateAccessPointCommandInput => ({
  ClientToken: ref.uid,
  FileSystemId: fileSystemId,
  PosixUser: { Uid: uid, Gid: gid },
  RootDirectory: {
    Path: `${basePath}pvc-${ref.uid}`,
    CreationInfo: { OwnerUid: uid, OwnerGid: gid, Permissions: permissions },
  },
  Tags: tagsOf(deployment, ref),
});
