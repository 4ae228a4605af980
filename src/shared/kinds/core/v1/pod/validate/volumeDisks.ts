/** Disks and shares of the network, most of them from the time before drivers were on their own. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type {
  AzureDiskVolumeSource,
  CSIVolumeSource,
  FCVolumeSource,
  FlexVolumeSource,
  FlockerVolumeSource,
  ISCSIVolumeSource,
  QuobyteVolumeSource,
  StorageOSVolumeSource,
} from '../../../../schema/types.ts';
import { invalidValue, notSupported, required, tooLong } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

/** Where only some fields have to be there. */
export const needs =
  <T extends object>(...fields: (keyof T & string)[]) =>
  (at: string, source: T): Cause[] =>
    fields
      .filter((f) => !source[f] || (source[f] as { length?: number }).length === 0)
      .map((f) => required(`${at}.${f}`));

export const namedSecret = (field: string, ref: { name?: string } | undefined): Cause[] =>
  ref && !ref.name ? [required(`${field}.name`)] : [];

export function validPartitioned(at: string, field: string, id: string, partition = 0): Cause[] {
  const causes = id ? [] : [required(`${at}.${field}`)];
  if (partition >= 0 && partition <= 255) return causes;
  return [...causes, invalidValue(`${at}.partition`, partition, 'must be between 1 and 255, inclusive')];
}

const validLun = (at: string, lun: number): Cause[] =>
  lun >= 0 && lun <= 255 ? [] : [invalidValue(`${at}.lun`, lun, 'must be between 0 and 255, inclusive')];

const initiators: Record<string, RegExp> = {
  iqn: /^iqn\.\d{4}-\d{2}\.([A-Za-z0-9-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
};

function initiatorProblems(name: string): string[] {
  const pattern = initiators[name.slice(0, 3)];
  if (!pattern) return ['must be valid format starting with iqn, eui, or naa'];
  return pattern.test(name) ? [] : ['must be valid format'];
}

export function validIscsi(at: string, source: ISCSIVolumeSource): Cause[] {
  const { iqn, lun = 0, initiatorName, secretRef } = source;
  const causes = needs<ISCSIVolumeSource>('targetPortal', 'iqn')(at, source);
  if (iqn) causes.push(...checked(`${at}.iqn`, iqn, initiatorProblems));
  causes.push(...validLun(at, lun));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !secretRef) {
    causes.push(required(`${at}.secretRef`));
  }
  if (initiatorName !== undefined) {
    causes.push(...checked(`${at}.initiatorname`, initiatorName, initiatorProblems));
  }
  return causes;
}

export function validFlocker(at: string, { datasetName = '', datasetUUID }: FlockerVolumeSource): Cause[] {
  const causes: Cause[] = [];
  if (!datasetName && !datasetUUID) {
    causes.push(required(at, 'one of datasetName and datasetUUID is required'));
  }
  if (datasetName && datasetUUID) {
    const why = 'datasetName and datasetUUID can not be specified simultaneously';
    causes.push(invalidValue(at, 'resource', why));
  }
  if (datasetName.includes('/')) {
    causes.push(invalidValue(`${at}.datasetName`, datasetName, "must not contain '/'"));
  }
  return causes;
}

const doors = 'must be a host:port pair or multiple pairs separated by commas';
const mostTenant = 64;

export function validQuobyte(at: string, { registry, tenant = '', volume }: QuobyteVolumeSource): Cause[] {
  const causes: Cause[] = [];
  if (!registry) causes.push(required(`${at}.registry`, doors));
  else if (tenant.length > mostTenant) {
    causes.push(
      required(`${at}.tenant`, `must be a UUID and may not exceed a length of ${mostTenant} characters`),
    );
  } else {
    const wrong = registry.split(',').filter((pair) => !/^([^:[\]]*|\[[^\]]*\]):[^:]*$/.test(pair));
    causes.push(...wrong.map(() => invalidValue(`${at}.registry`, registry, doors)));
  }
  return volume ? causes : [...causes, required(`${at}.volume`)];
}

export function validFibreChannel(at: string, { targetWWNs = [], wwids = [], lun }: FCVolumeSource): Cause[] {
  const field = `${at}.targetWWNs`;
  if (targetWWNs.length === 0) {
    if (wwids.length > 0) return [];
    return [required(field, 'must specify either targetWWNs or wwids, but not both')];
  }
  const causes: Cause[] = [];
  if (wwids.length > 0) {
    const why = 'targetWWNs and wwids can not be specified simultaneously';
    causes.push(invalidValue(field, targetWWNs, why));
  }
  if (lun === undefined) causes.push(required(`${at}.lun`, 'lun is required if targetWWNs is specified'));
  else causes.push(...validLun(at, lun));
  return causes;
}

export function validFlex(at: string, source: FlexVolumeSource): Cause[] {
  const isReserved = (key: string) => /\.(kubernetes|k8s)\.io$/.test(`.${key.split('/')[0]!.toLowerCase()}`);
  const why = 'kubernetes.io and k8s.io namespaces are reserved';
  return [
    ...needs<FlexVolumeSource>('driver')(at, source),
    ...Object.keys(source.options ?? {})
      .filter((key) => key.includes('/') && isReserved(key))
      .map((key) => invalidValue(`${at}.options[${key}]`, key, why)),
  ];
}

const diskKinds = ['Dedicated', 'Managed', 'Shared'];
const cachingModes = ['None', 'ReadOnly', 'ReadWrite'];
const managedDisk =
  '/subscriptions/{sub-id}/resourcegroups/{group-name}/providers/microsoft.compute/disks/{disk-id}';
const blob = 'https://{account-name}.blob.core.windows.net/{container-name}/{disk-name}.vhd';

export function validAzureDisk(at: string, source: AzureDiskVolumeSource): Cause[] {
  const { diskURI, cachingMode, kind } = source;
  const causes = needs<AzureDiskVolumeSource>('diskName', 'diskURI')(at, source);
  if (cachingMode !== undefined && !cachingModes.includes(cachingMode)) {
    causes.push(notSupported(`${at}.cachingMode`, cachingMode, cachingModes));
  }
  if (kind !== undefined && !diskKinds.includes(kind)) {
    causes.push(notSupported(`${at}.kind`, kind, diskKinds));
  }
  const isManaged = kind === 'Managed';
  const start = isManaged ? '/subscriptions/' : 'https://';
  if (diskURI?.startsWith(start)) return causes;
  return [...causes, notSupported(`${at}.diskURI`, diskURI ?? '', [isManaged ? managedDisk : blob])];
}

export function validStorageOS(at: string, source: StorageOSVolumeSource): Cause[] {
  const { volumeName: name, volumeNamespace: namespace, secretRef } = source;
  return [
    ...(name ? checked(`${at}.volumeName`, name, dns1123LabelProblems) : [required(`${at}.volumeName`)]),
    ...(namespace ? checked(`${at}.volumeNamespace`, namespace, dns1123LabelProblems) : []),
    ...namedSecret(`${at}.secretRef`, secretRef),
  ];
}

const mostDriver = 63;

export function validCsi(at: string, { driver, nodePublishSecretRef: secret }: CSIVolumeSource): Cause[] {
  const field = `${at}.driver`;
  const causes: Cause[] = [];
  if (!driver) causes.push(required(field));
  else {
    if (driver.length > mostDriver) causes.push(tooLong(field, mostDriver));
    const problems = dns1123SubdomainProblems(driver.toLowerCase());
    causes.push(...problems.map((why) => invalidValue(field, driver, why)));
  }
  causes.push(...namedSecret(`${at}.nodePublishSecretRef`, secret));
  if (secret?.name) causes.push(...checked(`${at}.name`, secret.name, dns1123SubdomainProblems));
  return causes;
}
