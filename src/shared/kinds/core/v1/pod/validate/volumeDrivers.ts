/** Volumes of drivers: Flex, CSI, and two that were once built in. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import type {
  AzureDiskVolumeSource,
  CSIVolumeSource,
  FlexVolumeSource,
  StorageOSVolumeSource,
} from '../../../../schema/types.ts';
import { invalidValue, notSupported, required, tooLong } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';
import { namedSecret, needs } from './volumeDisks.ts';

/** Returns what is wrong with a flexVolume; option names of Kubernetes' own domains are reserved. */
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

/** Returns what is wrong with an Azure disk; its kind decides which form the URI has. */
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

/** Returns what is wrong with a StorageOS volume. */
export function validStorageOS(at: string, source: StorageOSVolumeSource): Cause[] {
  const { volumeName: name, volumeNamespace: namespace, secretRef } = source;
  return [
    ...(name ? checked(`${at}.volumeName`, name, dns1123LabelProblems) : [required(`${at}.volumeName`)]),
    ...(namespace ? checked(`${at}.volumeNamespace`, namespace, dns1123LabelProblems) : []),
    ...namedSecret(`${at}.secretRef`, secretRef),
  ];
}

const mostDriver = 63;

/** The name of a driver of volumes or devices, in which case does not matter. */
export function validDriverName(field: string, driver: string): Cause[] {
  if (!driver) return [required(field)];
  const problems = dns1123SubdomainProblems(driver.toLowerCase());
  return [
    ...(driver.length > mostDriver ? [tooLong(field, mostDriver)] : []),
    ...problems.map((why) => invalidValue(field, driver, why)),
  ];
}

/** Returns what is wrong with an inline CSI volume. */
export function validCsi(at: string, { driver, nodePublishSecretRef: secret }: CSIVolumeSource): Cause[] {
  const causes = validDriverName(`${at}.driver`, driver);
  addAll(causes, namedSecret(`${at}.nodePublishSecretRef`, secret));
  if (secret?.name) addAll(causes, checked(`${at}.name`, secret.name, dns1123SubdomainProblems));
  return causes;
}
