/** One rule for each type of volume, in the order in which Kubernetes looks at them. Disks: volumeDisks.ts. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { compareQuantities } from '../../../../../meta/quantity.ts';
import type { HostPathVolumeSource, NFSVolumeSource, Volume } from '../../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { descendingPath, fileMode, withoutBacksteps } from '../../../../validation/paths.ts';
import { oneOf } from '../../../../validation/rules.ts';
import { validClaimTemplate } from './claimTemplate.ts';
import { validProjected } from './projected.ts';
import {
  namedSecret,
  needs,
  validFibreChannel,
  validFlocker,
  validIscsi,
  validPartitioned,
  validQuobyte,
} from './volumeDisks.ts';
import { validAzureDisk, validCsi, validFlex, validStorageOS } from './volumeDrivers.ts';
import { validDownwardFiles } from './volumeFiles.ts';
import { validItems } from './volumeItems.ts';

type Source = Exclude<keyof Volume, 'name'>;
/** `isPod`: not a template, in which some things may be left to later. */
type Rule<K extends Source> = (at: string, source: NonNullable<Volume[K]>, isPod: boolean) => Cause[];
type Rules = { [K in Source]: Rule<K> };

const rules: Rules = {
  emptyDir: (at, { sizeLimit }) =>
    sizeLimit !== undefined && compareQuantities(sizeLimit, '0') < 0
      ? [forbidden(`${at}.sizeLimit`, 'SizeLimit field must be a valid resource quantity')]
      : [],
  hostPath: validHostPath,
  gitRepo: (at, source) => [
    ...needs<typeof source>('repository')(at, source),
    ...descendingPath(`${at}.directory`, source.directory ?? ''),
  ],
  gcePersistentDisk: (at, source) =>
    // Kubernetes calls the field otherwise in messages.
    validPartitioned(
      at.replace('gcePersistentDisk', 'persistentDisk'),
      'pdName',
      source.pdName,
      source.partition,
    ),
  awsElasticBlockStore: (at, source) => validPartitioned(at, 'volumeID', source.volumeID, source.partition),
  secret: (at, source) => [
    ...(source.secretName ? [] : [required(`${at}.secretName`)]),
    ...fileMode(`${at}.defaultMode`, source.defaultMode),
    ...validItems(`${at}.items`, source.items),
  ],
  nfs: validNfs,
  iscsi: validIscsi,
  glusterfs: needs('endpoints', 'path'),
  flocker: validFlocker,
  persistentVolumeClaim: needs('claimName'),
  rbd: needs('monitors', 'image'),
  cinder: (at, source) => [
    ...needs<typeof source>('volumeID')(at, source),
    ...namedSecret(`${at}.secretRef`, source.secretRef),
  ],
  cephfs: needs('monitors'),
  quobyte: validQuobyte,
  downwardAPI: (at, source) => [
    ...fileMode(`${at}.defaultMode`, source.defaultMode),
    ...validDownwardFiles(at, source.items ?? []),
  ],
  fc: validFibreChannel,
  flexVolume: validFlex,
  configMap: (at, source) => [
    ...(source.name ? [] : [required(`${at}.name`)]),
    ...fileMode(`${at}.defaultMode`, source.defaultMode),
    ...validItems(`${at}.items`, source.items),
  ],
  azureFile: needs('secretName', 'shareName'),
  vsphereVolume: needs('volumePath'),
  photonPersistentDisk: needs('pdID'),
  portworxVolume: needs('volumeID'),
  azureDisk: validAzureDisk,
  storageos: validStorageOS,
  projected: validProjected,
  scaleIO: needs('gateway', 'system', 'volumeName'),
  csi: validCsi,
  ephemeral: (at, { volumeClaimTemplate: claim }) => {
    const field = `${at}.volumeClaimTemplate`;
    return claim ? validClaimTemplate(field, claim) : [required(field)];
  },
  image: (at, { reference, pullPolicy }, isPod) => {
    const causes = isPod && !reference ? [required(`${at}.reference`)] : [];
    const policies = ['Always', 'IfNotPresent', 'Never'];
    return [...causes, ...oneOf(`${at}.pullPolicy`, pullPolicy, policies)];
  },
};

/** Lists the checks of volume sources in the order in which Kubernetes makes them. */
export const sourceRules = Object.entries(rules) as [Source, Rule<Source>][];

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
