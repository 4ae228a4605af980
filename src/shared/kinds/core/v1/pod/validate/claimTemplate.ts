/** The claim that is made for a volume of one Pod. */
import type { Cause } from '../../../../../errors/apiError.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../../meta/names.ts';
import { compareQuantities } from '../../../../../meta/quantity.ts';
import type {
  ObjectMeta,
  PersistentVolumeClaimSpec,
  PersistentVolumeClaimTemplate,
} from '../../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../../validation/causes.ts';
import { validAnnotations, validLabels, validSelector } from '../../../../validation/labels.ts';
import { checked } from '../../../../validation/rules.ts';

export const validClaimTemplate = (
  at: string,
  { metadata = {}, spec = {} }: PersistentVolumeClaimTemplate,
): Cause[] => [...validMeta(`${at}.metadata`, metadata), ...validClaimSpec(`${at}.spec`, spec)];

/** Whatever else it says would be lost. */
function validMeta(field: string, { labels, annotations, ...others }: ObjectMeta): Cause[] {
  const unused = Object.entries(others).filter(([, value]) => value !== undefined && value !== null);
  return [
    ...validAnnotations(`${field}.annotations`, annotations),
    ...validLabels(`${field}.labels`, labels),
    ...unused.map(([name]) => forbidden(`${field}.${name}`, 'cannot be set')),
  ];
}

const alone = 'ReadWriteOncePod';
const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', alone];

function validClaimSpec(at: string, spec: PersistentVolumeClaimSpec): Cause[] {
  const { selector, storageClassName, volumeMode } = spec;
  const causes = spec.accessModes?.length
    ? []
    : [required(`${at}.accessModes`, 'at least 1 access mode is required')];
  causes.push(...validSelector(`${at}.selector`, selector), ...validModes(at, spec.accessModes ?? []));
  causes.push(...validStorage(`${at}.resources[storage]`, spec.resources?.requests?.storage));
  if (storageClassName) {
    causes.push(...checked(`${at}.storageClassName`, storageClassName, dns1123SubdomainProblems));
  }
  if (volumeMode !== undefined && volumeMode !== 'Block' && volumeMode !== 'Filesystem') {
    causes.push(notSupported(`${at}.volumeMode`, volumeMode, ['Block', 'Filesystem']));
  }
  return [...causes, ...validSources(at, spec)];
}

function validModes(at: string, list: string[]): Cause[] {
  const field = `${at}.accessModes`;
  const causes = list.filter((mode) => !modes.includes(mode)).map((mode) => notSupported(field, mode, modes));
  const shared = list.some((mode) => mode !== alone && modes.includes(mode));
  if (list.includes(alone) && shared) {
    causes.push(forbidden(field, `may not use ${alone} with other access modes`));
  }
  return causes;
}

function validStorage(field: string, amount: string | undefined): Cause[] {
  if (amount === undefined) return [required(field)];
  const isPositive = compareQuantities(amount, '0') > 0;
  return isPositive ? [] : [invalidValue(field, amount, 'must be greater than zero')];
}

/** An older field and a newer one, which may reach into another namespace. */
function validSources(at: string, { dataSource, dataSourceRef }: PersistentVolumeClaimSpec): Cause[] {
  const causes: Cause[] = [];
  if (dataSource) causes.push(...validSource(`${at}.dataSource`, dataSource));
  if (dataSourceRef) {
    causes.push(...validSource(`${at}.dataSourceRef`, dataSourceRef));
    if (dataSourceRef.namespace) {
      causes.push(...checked(`${at}.dataSourceRef.namespace`, dataSourceRef.namespace, dns1123LabelProblems));
    }
  }
  return causes;
}

function validSource(field: string, source: { apiGroup?: string; kind: string; name: string }): Cause[] {
  const { apiGroup, kind, name } = source;
  const causes: Cause[] = [];
  if (!name) causes.push(required(`${field}.name`));
  if (!kind) causes.push(required(`${field}.kind`));
  if (!apiGroup && kind !== 'PersistentVolumeClaim') {
    const why = "must be 'PersistentVolumeClaim' when referencing the default apiGroup";
    causes.push(invalidValue(field, kind, why));
  }
  if (apiGroup) causes.push(...checked(`${field}.apiGroup`, apiGroup, dns1123SubdomainProblems));
  return causes;
}
