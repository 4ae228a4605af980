import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { compareQuantities } from '../../../../meta/quantity.ts';
import type { PersistentVolumeClaim, PersistentVolumeClaimSpec } from '../../../schema/types.ts';
import { forbidden, invalidValue, required } from '../../../validation/causes.ts';
import { validClaimSpec } from '../../../validation/claimSpec.ts';
import { immutable } from '../../../validation/rules.ts';
import { isSame } from '../../../validation/same.ts';
import { differences } from '../pod/validate/differences.ts';

export const validate = (claim: PersistentVolumeClaim, old?: PersistentVolumeClaim): Cause[] => [
  ...validClaimSpec('spec', claim.spec ?? {}),
  ...(old ? changes(claim, old) : []),
];

/** A claim is a promise: once bound it may ask for more, and nothing else. */
function changes(claim: PersistentVolumeClaim, old: PersistentVolumeClaim): Cause[] {
  const causes: Cause[] = [];
  const [spec, before] = [claim.spec ?? {}, old.spec ?? {}];
  const fixed = withMutableOf(claim, old);
  if (!isSame(fixed, before)) {
    const except = 'except resources.requests and volumeAttributesClassName for bound claims';
    causes.push(
      forbidden('spec', `spec is immutable after creation ${except}\n${differences(before, fixed)}`),
    );
  }
  const [size = '0', oldSize = '0'] = [
    spec.resources?.requests?.storage,
    before.resources?.requests?.storage,
  ];
  const here = old.status?.capacity?.storage ?? '0';
  if (compareQuantities(size, oldSize) < 0 && compareQuantities(size, here) <= 0) {
    causes.push(forbidden('spec.resources.requests.storage', 'field can not be less than status.capacity'));
  }
  addAll(causes, immutable('volumeMode', spec.volumeMode, before.volumeMode));
  return [...causes, ...attributesChange(spec, before)];
}

/** The new spec with everything that may change put back as it was. */
function withMutableOf(
  { spec = {}, status }: PersistentVolumeClaim,
  { spec: old = {} }: PersistentVolumeClaim,
) {
  const fixed: PersistentVolumeClaimSpec = { ...spec };
  if (!old.volumeName) fixed.volumeName = old.volumeName;
  if (old.storageClassName === undefined) fixed.storageClassName = undefined;
  fixed.volumeAttributesClassName = old.volumeAttributesClassName;
  const storage = old.resources?.requests?.storage;
  if (status?.phase === 'Bound' && spec.resources?.requests && storage !== undefined) {
    fixed.resources = { ...spec.resources, requests: { ...spec.resources.requests, storage } };
  }
  return fixed;
}

function attributesChange(spec: PersistentVolumeClaimSpec, old: PersistentVolumeClaimSpec): Cause[] {
  const field = 'spec.volumeAttributesClassName';
  const [now, before] = [spec.volumeAttributesClassName, old.volumeAttributesClassName];
  if (before === undefined || now === before) return [];
  if (now === undefined) return [forbidden(field, 'update from non-nil value to nil is forbidden')];
  return now ? [] : [forbidden(field, 'update from non-nil value to an empty string is forbidden')];
}

export function validateStatus({ spec, status }: PersistentVolumeClaim): Cause[] {
  const causes = spec?.accessModes?.length ? [] : [required('Spec.accessModes')];
  for (const [name, amount] of Object.entries(status?.capacity ?? {})) {
    if (compareQuantities(amount, '0') >= 0) continue;
    causes.push(invalidValue(`status.capacity[${name}]`, amount, 'must be greater than or equal to 0'));
  }
  return causes;
}
