/** One rule for each type of volume, in the order in which Kubernetes looks at them. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { compareQuantities } from '../../../../../meta/quantity.ts';
import type { HostPathVolumeSource, KeyToPath, NFSVolumeSource, Volume } from '../../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { fileMode, unreservedPath, withoutBacksteps } from '../../../../validation/paths.ts';
import { validProjected } from './projected.ts';
import { validDownwardFiles } from './volumeFiles.ts';

type Source = Exclude<keyof Volume, 'name'>;
type Rule<K extends Source> = (at: string, source: NonNullable<Volume[K]>) => Cause[];
type Rules = { [K in Source]: Rule<K> };

/** Where only some fields have to be there. */
const needs =
  <T extends object>(...fields: (keyof T & string)[]) =>
  (at: string, source: T): Cause[] =>
    fields
      .filter((f) => !source[f] || (source[f] as { length?: number }).length === 0)
      .map((f) => required(`${at}.${f}`));

const rules: Rules = {
  emptyDir: (at, { sizeLimit }) =>
    sizeLimit !== undefined && compareQuantities(sizeLimit, '0') < 0
      ? [forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  hostPath: validHostPath,
  gitRepo: (at, source) => [
    ...needs<typeof source>('repository')(at, source),
    ...unreservedPath(`${at}.directory`, source.directory ?? ''),
  ],
  gcePersistentDisk: needs('pdName'),
  awsElasticBlockStore: needs('volumeID'),
  secret: (at, source) => [
    ...(source.secretName ? [] : [required(`${at}.secretName`)]),
    ...fileMode(`${at}.defaultMode`, source.defaultMode),
    ...validItems(`${at}.items`, source.items),
  ],
  nfs: validNfs,
  iscsi: needs('targetPortal', 'iqn'),
  glusterfs: needs('endpoints', 'path'),
  flocker: (at, { datasetName, datasetUUID }) => {
    if (!datasetName && !datasetUUID) return [required(at, 'one of datasetName and datasetUUID is required')];
    if (!datasetName || !datasetUUID) return [];
    return [invalidValue(at, 'resource', 'datasetName and datasetUUID can not be specified simultaneously')];
  },
  persistentVolumeClaim: needs('claimName'),
  rbd: needs('monitors', 'image'),
  cinder: needs('volumeID'),
  cephfs: needs('monitors'),
  quobyte: needs('registry', 'volume'),
  downwardAPI: (at, source) => [
    ...fileMode(`${at}.defaultMode`, source.defaultMode),
    ...validDownwardFiles(at, source.items ?? []),
  ],
  fc: (at, { targetWWNs, wwids }) =>
    targetWWNs?.length || wwids?.length
      ? []
      : [required(`${at}.targetWWNs`, 'must specify either targetWWNs or wwids, but not both')],
  flexVolume: needs('driver'),
  configMap: (at, source) => [
    ...(source.name ? [] : [required(`${at}.name`)]),
    ...fileMode(`${at}.defaultMode`, source.defaultMode),
    ...validItems(`${at}.items`, source.items),
  ],
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk: needs('diskName', 'diskURI'),
  storageos: needs('volumeName'),
  projected: validProjected,
  scaleIO: needs('gateway', 'system', 'volumeName'),
  csi: needs('driver'),
  ephemeral: needs('volumeClaimTemplate'),
  image: (at, { pullPolicy }) => {
    const policies = ['Always', 'IfNotPresent', 'Never'];
    return !pullPolicy || policies.includes(pullPolicy)
      ? []
      : [notSupported(`${at}.pullPolicy`, pullPolicy, policies)];
  },
};

export const sourceRules = Object.entries(rules) as [Source, Rule<Source>][];

export const validItems = (field: string, items: KeyToPath[] = []): Cause[] =>
  items.flatMap((item, i) => validItem(`${field}[${i}]`, item));

export const validItem = (at: string, { key, path, mode }: KeyToPath): Cause[] => [
  ...(key ? [] : [required(`${at}.key`)]),
  ...(path ? [] : [required(`${at}.path`)]),
  ...unreservedPath(`${at}.path`, path),
  ...fileMode(`${at}.mode`, mode),
];

const hostPathTypes = [
  '',
  'BlockDevice',
  'CharDevice',
  'Directory',
  'DirectoryOrCreate',
  'File',
  'FileOrCreate',
  'Socket',
];

function validHostPath(at: string, { path, type }: HostPathVolumeSource): Cause[] {
  if (!path) return [required(`${at}.path`)];
  const causes = withoutBacksteps(`${at}.path`, path);
  if (type !== undefined && !hostPathTypes.includes(type)) {
    causes.push(notSupported(`${at}.type`, type, hostPathTypes));
  }
  return causes;
}

function validNfs(at: string, source: NFSVolumeSource): Cause[] {
  const causes = needs<NFSVolumeSource>('server', 'path')(at, source);
  if (source.path.startsWith('/')) return causes;
  return [...causes, invalidValue(`${at}.path`, source.path, 'must be an absolute path')];
}
