import { createHash } from 'node:crypto';
import { ApiError } from '../../../shared/errors/apiError.ts';
import type { StorageClass } from '../../../shared/kinds/schema/types.ts';
import { ownValue } from '../../../shared/meta/table.ts';

/** Describes what a class of the EFS CSI driver says of its volumes. */
export interface AccessPointSettings {
  fileSystemId: string;
  /** Octal digits. */
  permissions: string;
  /** Folder of the file system in which the volumes' own are; `/` at its end. */
  basePath: string;
  uid: number;
  gid: number;
}

const known = new Set([
  'provisioningMode',
  'fileSystemId',
  'directoryPerms',
  'basePath',
  'uid',
  'gid',
  'gidRangeStart',
  'gidRangeEnd',
  // With a folder for each volume, named by its uid, there is nothing to choose.
  'ensureUniqueDirectory',
  'az',
]);

/** As the driver reads them. Throws Invalid for what is wrong, missing or not served here. */
export function settingsOf({ parameters = {} }: StorageClass, claimUid: string): AccessPointSettings {
  const { reuseAccessPoint = 'false', ...others } = parameters;
  const strange = Object.keys(others).filter((key) => !known.has(key));
  if (reuseAccessPoint !== 'false') strange.push('reuseAccessPoint');
  if (strange.length) throw invalid(`parameters not supported: ${strange.join(', ')}`);
  const { provisioningMode, fileSystemId = '', directoryPerms = '700', basePath = '/' } = others;
  if (provisioningMode !== 'efs-ap') throw invalid('the parameter provisioningMode has to be efs-ap');
  if (!/^fs-[0-9a-f]+$/.test(fileSystemId)) throw invalid('the parameter fileSystemId names no file system');
  if (!/^[0-7]{3,4}$/.test(directoryPerms)) throw invalid('the parameter directoryPerms is no octal mode');
  const own = ownGroup(others, claimUid);
  return {
    fileSystemId,
    permissions: directoryPerms,
    basePath: `/${basePath.split('/').filter(Boolean).join('/')}/`.replace('//', '/'),
    uid: numberOf(others, 'uid') ?? own,
    gid: numberOf(others, 'gid') ?? own,
  };
}

const firstGroup = 50_000;
const lastGroup = 7_000_000;

/** Returns a group id of the range, derived from the claim: always the same, without a look at other claims. */
function ownGroup(parameters: Record<string, string>, claimUid: string): number {
  const first = numberOf(parameters, 'gidRangeStart') ?? firstGroup;
  const last = numberOf(parameters, 'gidRangeEnd') ?? lastGroup;
  if (first > last) throw invalid('the parameter gidRangeStart is beyond gidRangeEnd');
  return first + (createHash('sha256').update(claimUid).digest().readUInt32BE() % (last - first + 1));
}

function numberOf(parameters: Record<string, string>, name: string): number | undefined {
  const text = ownValue(parameters, name);
  if (text === undefined) return undefined;
  if (!/^\d{1,10}$/.test(text)) throw invalid(`the parameter ${name} is no number`);
  return Number(text);
}

const invalid = (message: string) => new ApiError('Invalid', message);
