/** A volume of the EFS CSI driver. */
export interface EfsHandle {
  fileSystemId: string;
  /** Absolute; absent: the root, or that of the access point. */
  path?: string;
  accessPointId?: string;
}

export const efsDriver = 'efs.csi.aws.com';

/** Reads `fs-…[:path][:fsap-…]`, with an empty path as `fs-…::fsap-…`; undefined for anything else. */
export function parseHandle(text: string): EfsHandle | undefined {
  const match = /^(fs-[0-9a-f]+)(?::([^:]*))?(?::(fsap-[0-9a-f]+))?$/.exec(text);
  if (!match) return undefined;
  const [, fileSystemId = '', path, accessPointId] = match;
  return {
    fileSystemId,
    ...(path && { path: path.startsWith('/') ? path : `/${path}` }),
    ...(accessPointId && { accessPointId }),
  };
}

export const formatHandle = (fileSystemId: string, accessPointId: string): string =>
  `${fileSystemId}::${accessPointId}`;
