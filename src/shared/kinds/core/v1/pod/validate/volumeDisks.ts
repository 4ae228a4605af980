/** Disks and shares of the network, most of them from the time before drivers were on their own. */

import type { Cause } from '../../../../../errors/apiError.ts';
import { addAll } from '../../../../../meta/lists.ts';
import { table } from '../../../../../meta/table.ts';
import type {
  FCVolumeSource,
  FlockerVolumeSource,
  ISCSIVolumeSource,
  QuobyteVolumeSource,
} from '../../../../schema/types.ts';
import { invalidValue, required } from '../../../../validation/causes.ts';
import { checked } from '../../../../validation/rules.ts';

/** Where only some fields have to be there. */
export const needs =
  <T extends object>(...fields: (keyof T & string)[]) =>
  (at: string, source: T): Cause[] =>
    fields
      .filter((f) => !source[f] || (source[f] as { length?: number }).length === 0)
      .map((f) => required(`${at}.${f}`));

/** Returns a cause when a reference to a Secret has no name. An absent reference is in order. */
export const namedSecret = (field: string, ref: { name?: string } | undefined): Cause[] =>
  ref && !ref.name ? [required(`${field}.name`)] : [];

/** Returns what is wrong with a disk that has an id in `field` and perhaps a partition. */
export function validPartitioned(at: string, field: string, id: string, partition = 0): Cause[] {
  const causes = id ? [] : [required(`${at}.${field}`)];
  if (partition >= 0 && partition <= 255) return causes;
  return [...causes, invalidValue(`${at}.partition`, partition, 'must be between 1 and 255, inclusive')];
}

const validLun = (at: string, lun: number): Cause[] =>
  lun >= 0 && lun <= 255 ? [] : [invalidValue(`${at}.lun`, lun, 'must be between 0 and 255, inclusive')];

const initiators: Record<string, RegExp> = table({
  iqn: /^iqn\.\d{4}-\d{2}\.([A-Za-z0-9-.]+)(:[^,;*&$|\s]+)$/,
  eui: /^eui.[A-Za-z0-9]{16}$/,
  naa: /^naa.[A-Za-z0-9]{32}$/,
});

function initiatorProblems(name: string): string[] {
  const pattern = initiators[name.slice(0, 3)];
  if (!pattern) return ['must be valid format starting with iqn, eui, or naa'];
  return pattern.test(name) ? [] : ['must be valid format'];
}

/** Returns what is wrong with an iSCSI volume; CHAP needs a Secret. */
export function validIscsi(at: string, source: ISCSIVolumeSource): Cause[] {
  const { iqn, lun = 0, initiatorName, secretRef } = source;
  const causes = needs<ISCSIVolumeSource>('targetPortal', 'iqn')(at, source);
  if (iqn) addAll(causes, checked(`${at}.iqn`, iqn, initiatorProblems));
  addAll(causes, validLun(at, lun));
  if ((source.chapAuthDiscovery || source.chapAuthSession) && !secretRef) {
    causes.push(required(`${at}.secretRef`));
  }
  if (initiatorName !== undefined) {
    addAll(causes, checked(`${at}.initiatorname`, initiatorName, initiatorProblems));
  }
  return causes;
}

/** Returns what is wrong with a Flocker volume, which has either a name or a UUID. */
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

/** Returns what is wrong with a Quobyte volume; its registry is a list of `host:port`. */
export function validQuobyte(at: string, { registry, tenant = '', volume }: QuobyteVolumeSource): Cause[] {
  const causes: Cause[] = [];
  if (!registry) causes.push(required(`${at}.registry`, doors));
  else if (tenant.length > mostTenant) {
    causes.push(
      required(`${at}.tenant`, `must be a UUID and may not exceed a length of ${mostTenant} characters`),
    );
  } else {
    const wrong = registry.split(',').filter((pair) => !/^([^:[\]]*|\[[^\]]*\]):[^:]*$/.test(pair));
    addAll(
      causes,
      wrong.map(() => invalidValue(`${at}.registry`, registry, doors)),
    );
  }
  return volume ? causes : [...causes, required(`${at}.volume`)];
}

/** Returns what is wrong with a Fibre Channel volume, which has either WWNs with a LUN or WWIDs. */
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
  else addAll(causes, validLun(at, lun));
  return causes;
}
