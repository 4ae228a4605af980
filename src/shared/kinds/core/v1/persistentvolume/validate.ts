import { normalize } from 'node:path/posix';
import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123SubdomainProblems } from '../../../../meta/names.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import type { PersistentVolume, PersistentVolumeSpec } from '../../../schema/types.ts';
import { forbidden, invalidValue, notSupported, required } from '../../../validation/causes.ts';
import { validAccessModes, validVolumeMode } from '../../../validation/claimSpec.ts';
import { checked, immutable } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { differences } from '../pod/validate/differences.ts';
import { sourceNames, validSources } from './sources.ts';

export const validate = ({ spec = {} }: PersistentVolume, old?: PersistentVolume): Cause[] => [
  ...(spec.accessModes?.length ? [] : [required('spec.accessModes')]),
  ...validAccessModes('spec', spec.accessModes ?? []),
  ...validCapacity(spec.capacity ?? {}),
  ...validPolicy(spec),
  ...validAffinity(spec),
  ...validSources('spec', spec),
  ...validRoot(spec),
  ...(spec.storageClassName
    ? checked('spec.storageClassName', spec.storageClassName, dns1123SubdomainProblems)
    : []),
  ...validVolumeMode('spec', spec.volumeMode),
  ...validAttributesClass(spec),
  ...(old ? changes(spec, old.spec ?? {}) : []),
];

function validCapacity(capacity: Record<string, string>): Cause[] {
  const names = Object.keys(capacity);
  const causes = names.length === 0 ? [required('spec.capacity')] : [];
  if (names.length !== 1 || names[0] !== 'storage') {
    causes.push(notSupported('spec.capacity', capacity, ['storage']));
  }
  for (const [name, amount] of Object.entries(capacity)) {
    const at = `spec.capacity[${name}]`;
    const sign = compareQuantities(amount, '0');
    if (sign < 0) causes.push(invalidValue(at, amount, 'must be a valid resource quantity'));
    if (sign <= 0) causes.push(invalidValue(at, amount, 'must be greater than zero'));
  }
  return causes;
}

const policies = ['Delete', 'Recycle', 'Retain'];

const validPolicy = ({ persistentVolumeReclaimPolicy: policy }: PersistentVolumeSpec): Cause[] =>
  policy && !policies.includes(policy)
    ? [notSupported('spec.persistentVolumeReclaimPolicy', policy, policies)]
    : [];

function validAffinity({ nodeAffinity }: PersistentVolumeSpec): Cause[] {
  if (!nodeAffinity) return [];
  const at = 'spec.nodeAffinity.required';
  if (!nodeAffinity.required) return [required(at, 'must specify required node constraints')];
  if (nodeAffinity.required.nodeSelectorTerms?.length) return [];
  return [required(`${at}.nodeSelectorTerms`, 'must have at least one node selector term')];
}

/** Emptying a volume must not empty the machine. */
const validRoot = ({ hostPath, persistentVolumeReclaimPolicy: policy }: PersistentVolumeSpec): Cause[] =>
  hostPath && normalize(hostPath.path) === '/' && policy === 'Recycle'
    ? [forbidden('spec.persistentVolumeReclaimPolicy', "may not be 'recycle' for a hostPath mount of '/'")]
    : [];

function validAttributesClass({ volumeAttributesClassName: name, csi }: PersistentVolumeSpec): Cause[] {
  if (name === undefined) return [];
  const at = 'spec.volumeAttributesClassName';
  const causes = name
    ? checked(at, name, dns1123SubdomainProblems)
    : [required(at, 'an empty string is disallowed')];
  if (!csi) causes.push(required('spec.csi', 'has to be specified when using volumeAttributesClassName'));
  return causes;
}

function changes(spec: PersistentVolumeSpec, old: PersistentVolumeSpec): Cause[] {
  const causes: Cause[] = [];
  const [now, before] = [sourceOf(spec), sourceOf(old)];
  if (now.csi && before.csi && !before.csi.controllerExpandSecretRef) {
    const { controllerExpandSecretRef: _, ...csi } = now.csi;
    now.csi = csi;
  }
  if (!isSame(now, before)) {
    const why = `spec.persistentvolumesource is immutable after creation\n${differences(before, now)}`;
    causes.push(forbidden('spec.persistentvolumesource', why));
  }
  addAll(causes, immutable('volumeMode', spec.volumeMode, old.volumeMode));
  if (old.nodeAffinity) addAll(causes, immutable('nodeAffinity', spec.nodeAffinity, old.nodeAffinity));
  if (old.volumeAttributesClassName !== undefined && spec.volumeAttributesClassName === undefined) {
    const why = 'update from non-nil value to nil is forbidden';
    causes.push(forbidden('spec.volumeAttributesClassName', why));
  }
  return causes;
}

const sourceOf = (spec: PersistentVolumeSpec): PersistentVolumeSpec =>
  Object.fromEntries(sourceNames.flatMap((name) => (spec[name] ? [[name, spec[name]]] : [])));
