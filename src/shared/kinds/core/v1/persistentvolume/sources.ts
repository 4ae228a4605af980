/** Is what a volume is made of: as in a Pod where the fields are the same, with Secrets of any namespace otherwise. */

import type { Cause } from '../../../../errors/apiError.ts';
import { addAll } from '../../../../meta/lists.ts';
import { dns1123LabelProblems, dns1123SubdomainProblems } from '../../../../meta/names.ts';
import type {
  CSIPersistentVolumeSource,
  LocalVolumeSource,
  PersistentVolumeSpec,
  Volume,
} from '../../../schema/types.ts';
import { forbidden, required } from '../../../validation/causes.ts';
import { withoutBacksteps } from '../../../validation/paths.ts';
import { checked } from '../../../validation/rules.ts';
import { validCsi } from '../pod/validate/volumeDrivers.ts';
import { sourceRules } from '../pod/validate/volumeSources.ts';

/** In the order in which Kubernetes looks at them. */
export const sourceNames = [
  'hostPath',
  'gcePersistentDisk',
  'awsElasticBlockStore',
  'glusterfs',
  'flocker',
  'nfs',
  'rbd',
  'quobyte',
  'cephfs',
  'iscsi',
  'cinder',
  'fc',
  'flexVolume',
  'azureFile',
  'vsphereVolume',
  'photonPersistentDisk',
  'portworxVolume',
  'azureDisk',
  'scaleIO',
  'local',
  'storageos',
  'csi',
] as const satisfies (keyof PersistentVolumeSpec)[];

const inPods = new Map<string, (typeof sourceRules)[number][1]>(sourceRules);

/** Returns what is wrong with the source of a volume: it needs exactly one. */
export function validSources(at: string, spec: PersistentVolumeSpec): Cause[] {
  const [first, ...others] = sourceNames.filter((name) => spec[name] !== undefined);
  if (!first) return [required(at, 'must specify a volume type')];
  return [
    ...validSource(`${at}.${first}`, first, spec),
    ...others.map((name) => forbidden(`${at}.${name}`, 'may not specify more than 1 volume type')),
    ...(spec.local && !spec.nodeAffinity?.required
      ? [required(`${at}.nodeAffinity`, 'Local volume requires node affinity')]
      : []),
  ];
}

function validSource(at: string, name: (typeof sourceNames)[number], spec: PersistentVolumeSpec): Cause[] {
  if (spec.csi && name === 'csi') return validCsiVolume(at, spec.csi);
  if (spec.local && name === 'local') return validLocal(at, spec.local);
  return inPods.get(name)?.(at, spec[name] as NonNullable<Volume[keyof Volume]> as never, true) ?? [];
}

const validLocal = (at: string, { path }: LocalVolumeSource): Cause[] =>
  path ? withoutBacksteps(`${at}.path`, path) : [required(`${at}.path`)];

const secretRefs = [
  'controllerPublishSecretRef',
  'controllerExpandSecretRef',
  'nodePublishSecretRef',
  'nodeExpandSecretRef',
] as const;

function validCsiVolume(at: string, source: CSIPersistentVolumeSource): Cause[] {
  const causes = validCsi(at, { driver: source.driver });
  if (!source.volumeHandle) causes.push(required(`${at}.volumeHandle`));
  for (const field of secretRefs) {
    const secret = source[field];
    if (!secret) continue;
    for (const [part, check] of [
      ['name', dns1123SubdomainProblems],
      ['namespace', dns1123LabelProblems],
    ] as const) {
      const place = `${at}.${field}.${part}`;
      const value = secret[part];
      addAll(causes, value ? checked(place, value, check) : [required(place)]);
    }
  }
  return causes;
}
