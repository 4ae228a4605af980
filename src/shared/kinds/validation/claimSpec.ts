/** Is what a PersistentVolumeClaim asks for, on its own or for a volume of one Pod. */

import type { Cause } from '../../errors/apiError.ts';
import { addAll } from '../../meta/lists.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../meta/names.ts';
import { compareQuantities } from '../../meta/quantity.ts';
import type { PersistentVolumeClaimSpec } from '../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from './causes.ts';
import { validSelector } from './labels.ts';
import { checked } from './rules.ts';

const alone = 'ReadWriteOncePod';
const modes = ['ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOnce', alone];

/** Returns what is wrong with the spec of a claim, which a template of a claim has too. */
export function validClaimSpec(at: string, spec: PersistentVolumeClaimSpec): Cause[] {
  const { selector, storageClassName, volumeMode } = spec;
  const causes = spec.accessModes?.length
    ? []
    : [required(`${at}.accessModes`, 'at least 1 access mode is required')];
  addAll(causes, validSelector(`${at}.selector`, selector), validAccessModes(at, spec.accessModes ?? []));
  addAll(causes, validStorage(`${at}.resources[storage]`, spec.resources?.requests?.storage));
  if (storageClassName) {
    addAll(causes, checked(`${at}.storageClassName`, storageClassName, dns1123SubdomainProblems));
  }
  return [...causes, ...validVolumeMode(at, volumeMode), ...validSources(at, spec)];
}

/** Returns a cause when the mode is neither Block nor Filesystem. An absent mode is in order. */
export const validVolumeMode = (at: string, mode: string | undefined): Cause[] =>
  mode === undefined || mode === 'Block' || mode === 'Filesystem'
    ? []
    : [notSupported(`${at}.volumeMode`, mode, ['Block', 'Filesystem'])];

/** Returns what is wrong with the access modes of a claim or a volume. */
export function validAccessModes(at: string, list: string[]): Cause[] {
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
  if (dataSource) addAll(causes, validSource(`${at}.dataSource`, dataSource));
  if (dataSourceRef) {
    addAll(causes, validSource(`${at}.dataSourceRef`, dataSourceRef));
    if (dataSourceRef.namespace) {
      addAll(causes, checked(`${at}.dataSourceRef.namespace`, dataSourceRef.namespace, dns1123LabelProblems));
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
  if (apiGroup) addAll(causes, checked(`${field}.apiGroup`, apiGroup, dns1123SubdomainProblems));
  return causes;
}
