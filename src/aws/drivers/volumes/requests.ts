import { createHash } from 'node:crypto';
import type { AccessPointDescription, CreateAccessPointCommandInput } from '@aws-sdk/client-efs';
import type { VolumeRef } from '../../../shared/ports/cloud.ts';
import { tags, tagsOf } from '../tags.ts';
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

/**
 * Pure: asks for a folder of a volume by itself, with the volume's user, owner and mode. Volume and folder make a repeated
 * request the same one; a token takes 64 characters.
 */
export const createPartRequest = (
  deployment: string,
  ref: VolumeRef,
  { AccessPointId = '', FileSystemId, PosixUser, RootDirectory }: AccessPointDescription,
  path: string,
): CreateAccessPointCommandInput => ({
  ClientToken: `${AccessPointId}-${createHash('sha256').update(path).digest('hex').slice(0, 40)}`,
  FileSystemId,
  PosixUser,
  RootDirectory: { ...RootDirectory, Path: path },
  // Not the volume's: people may have added some, and a part that a volume of theirs names has a `part-of` itself.
  Tags: [...tagsOf(deployment, ref), { Key: tags.partOf, Value: AccessPointId }],
});
