import type { Cause } from '../../../../errors/apiError.ts';
import type { PersistentVolumeSpec } from '../../../schema/types.ts';
import { forbidden, required } from '../../../validation/causes.ts';
import { validAccessModes } from '../../../validation/claimSpec.ts';
import { validSources } from './sources.ts';

const context = 'in the context of inline volumes';

/** The volume of a Pod that was written for an in-tree driver, as its CSI driver sees it. */
export function validInlineVolume(at: string, spec: PersistentVolumeSpec): Cause[] {
  const { accessModes = [], persistentVolumeReclaimPolicy: policy, volumeMode: mode, csi } = spec;
  const none = (field: keyof PersistentVolumeSpec, isThere: boolean) =>
    isThere ? [forbidden(`${at}.${field}`, `may not be specified ${context}`)] : [];
  const only = (field: keyof PersistentVolumeSpec, isSo: boolean, what: string) =>
    isSo ? [] : [forbidden(`${at}.${field}`, `${what} ${context}`)];
  return [
    ...none('claimRef', spec.claimRef !== undefined),
    ...none('capacity', Object.keys(spec.capacity ?? {}).length > 0),
    ...(csi ? [] : [required(`${at}.csi`, `has to be specified ${context}`)]),
    ...(accessModes.length > 0 ? [] : [required(`${at}.accessModes`)]),
    ...validAccessModes(at, accessModes),
    ...only('persistentVolumeReclaimPolicy', !policy || policy === 'Retain', 'may only be Retain'),
    ...none('nodeAffinity', spec.nodeAffinity !== undefined),
    ...validSources(at, spec),
    ...none('storageClassName', !!spec.storageClassName),
    ...only(
      'volumeMode',
      mode === undefined || mode === 'Filesystem',
      'may not specify volumeMode other than Filesystem',
    ),
  ];
}
