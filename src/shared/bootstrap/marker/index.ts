import type { Key, Storage } from '../../ports/storage.ts';

/** The version of Kubernetes whose objects a cluster begins with, and ours of what goes with them. */
export const policyVersion = '1.35.4+1';

/** Describes what of storage tells whether the objects that a logical cluster begins with have been written. */
export type Marked = Pick<Storage, 'get'>;

/** Groups of the API in which a logical cluster begins with something, and the names of their markers. */
const markers = {
  'rbac.authorization.k8s.io': 'rbac',
  'apiregistration.k8s.io': 'apiservices',
  'flowcontrol.apiserver.k8s.io': 'flowcontrol',
} as const;
export type Area = keyof typeof markers;

export const areas = Object.keys(markers) as Area[];
export const isArea = (group: string): group is Area => Object.hasOwn(markers, group);

/** No kind has this resource, so no request reaches it. */
export const markerOf = (cluster: string, area: Area): Key => ({
  cluster,
  resource: 'bootstrappolicy.internal',
  namespace: '',
  name: markers[area],
});

export const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString();

/** Returns what a marker says once all is written: for which version, and which cluster of that name. */
export async function wantedText(storage: Marked, cluster: string): Promise<string> {
  if (cluster === 'default') return policyVersion;
  const resource = 'logicalclusters.shallop.dev';
  const found = await storage.get({ cluster: 'default', resource, namespace: '', name: cluster });
  return `${policyVersion} ${found && JSON.parse(textOf(found.value)).metadata.uid}`;
}

/** Returns whether all that a logical cluster begins with in a group has been written. */
export async function isFilled(storage: Marked, cluster: string, area: Area): Promise<boolean> {
  const [found, text] = await Promise.all([
    storage.get(markerOf(cluster, area)),
    wantedText(storage, cluster),
  ]);
  if (!found) return false;
  // What a fork has from its base was written there, for another cluster.
  if (found.writtenIn !== undefined) return textOf(found.value).split(' ')[0] === policyVersion;
  return textOf(found.value) === text;
}
