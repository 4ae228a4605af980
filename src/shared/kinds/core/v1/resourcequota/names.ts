import { isHugePages, isNative } from '../pod/validate/resources.ts';

/** Counted objects; with `count/` before them, everything can be. */
const counted = [
  'pods',
  'resourcequotas',
  'services',
  'replicationcontrollers',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'services.nodeports',
  'services.loadbalancers',
];
/** Is what containers have to say where a quota is about it. */
export const ofCompute = [
  'cpu',
  'memory',
  'requests.cpu',
  'requests.memory',
  'limits.cpu',
  'limits.memory',
] as const;
const ofStorage = [
  'ephemeral-storage',
  'requests.ephemeral-storage',
  'limits.ephemeral-storage',
  'requests.storage',
];
const standard = new Set<string>([...counted, ...ofCompute, ...ofStorage]);

const withoutPrefix = (name: string) => name.replace(/^requests\./, '');

/** Returns whether it names huge pages, as requests or without saying so. */
export const isHugePagesQuota = (name: string): boolean => isHugePages(withoutPrefix(name));
/** Returns whether a quota may be about it though it has no domain. */
export const isStandardQuota = (name: string): boolean => standard.has(name) || isHugePagesQuota(name);
/** Returns whether it makes no sense to have a part of one. */
export const isWhole = (name: string): boolean => counted.includes(name) || isExtended(name);
/** Returns whether it is a device of somebody's, as containers ask for it. */
export const isExtended = (name: string): boolean => !isNative(name) && !name.startsWith('requests.');

/** Returns which of the standard names a scope says anything about. */
export function scopeFits(scope: string, name: string): boolean {
  const isOfPods = name === 'pods';
  if (scope === 'BestEffort') return isOfPods;
  if (scope === 'VolumeAttributesClass') return ['persistentvolumeclaims', 'requests.storage'].includes(name);
  return !scopes.includes(scope) || isOfPods || ofCompute.some((each) => each === name);
}

/** Every scope that there is. */
export const scopes = [
  'Terminating',
  'NotTerminating',
  'BestEffort',
  'NotBestEffort',
  'PriorityClass',
  'VolumeAttributesClass',
  'CrossNamespacePodAffinity',
];
