import type { Clients } from '../../../client/client.ts';
import type { Key, Storage } from '../../../ports/storage.ts';
import { ensurePolicy } from './ensure.ts';
import { ensureApiServices } from './ensureApiServices.ts';
import { ensureFlowControl } from './ensureFlowControl.ts';
import { policyVersion } from './index.ts';

/** What of storage tells whether the roles and bindings that a logical cluster begins with have been written. */
export type Marked = Pick<Storage, 'get'>;

/** What a logical cluster begins with, by the groups of the API. */
const areas = {
  'rbac.authorization.k8s.io': { marker: 'rbac', ensure: ensurePolicy },
  'apiregistration.k8s.io': { marker: 'apiservices', ensure: ensureApiServices },
  'flowcontrol.apiserver.k8s.io': { marker: 'flowcontrol', ensure: ensureFlowControl },
} as const;
type Area = keyof typeof areas;
const rbac: Area = 'rbac.authorization.k8s.io';

const isArea = (group: string): group is Area => Object.hasOwn(areas, group);

/** No kind has this resource, so no request reaches it. */
const markerOf = (cluster: string, area: Area): Key => ({
  cluster,
  resource: 'bootstrappolicy.internal',
  namespace: '',
  name: areas[area].marker,
});

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** What the marker says once all is written: for which policy, and which cluster of that name. */
async function wanted(storage: Marked, cluster: string): Promise<string> {
  if (cluster === 'default') return policyVersion;
  const resource = 'logicalclusters.shallop.dev';
  const found = await storage.get({ cluster: 'default', resource, namespace: '', name: cluster });
  return `${policyVersion} ${found && JSON.parse(textOf(found.value)).metadata.uid}`;
}

export async function isFilled(storage: Marked, cluster: string, area: Area = rbac): Promise<boolean> {
  const [found, text] = await Promise.all([storage.get(markerOf(cluster, area)), wanted(storage, cluster)]);
  if (!found) return false;
  // What a fork has from its base was written there, for another cluster.
  if (found.writtenIn !== undefined) return textOf(found.value).split(' ')[0] === policyVersion;
  return textOf(found.value) === text;
}

/** Writes what a logical cluster begins with, when somebody first asks for it. */
export interface PolicyFiller {
  /** Before a request to a group: after it, everything that a cluster begins with is there to be listed and changed. */
  fill(cluster: string, group: string): Promise<void>;
  /** Once a start, as a real server does: what has been taken away comes back, where anything is written at all. */
  refill(cluster: string): Promise<void>;
}

export function policyFiller(
  storage: Pick<Storage, 'get' | 'create' | 'update'>,
  clients: Clients,
): PolicyFiller {
  const underWay = new Map<string, Promise<void>>();
  const started = new Set<string>();
  const fillOnce = async (cluster: string, area: Area) => {
    const text = await wanted(storage, cluster);
    await areas[area].ensure(clients(cluster));
    const bytes = Buffer.from(text);
    const found = await storage.get(markerOf(cluster, area));
    if (!found) await storage.create(markerOf(cluster, area), () => bytes);
    else if (textOf(found.value) !== text) await storage.update(found.key, found.revision, () => bytes);
  };
  const fill = (cluster: string, area: Area): Promise<void> => {
    const key = `${cluster}/${area}`;
    const current = underWay.get(key) ?? fillOnce(cluster, area).finally(() => underWay.delete(key));
    underWay.set(key, current);
    return current;
  };
  return {
    fill: async (cluster, group) => {
      if (isArea(group) && !(await isFilled(storage, cluster, group))) await fill(cluster, group);
    },
    refill: async (cluster) => {
      if (started.has(cluster)) return;
      started.add(cluster);
      for (const area of Object.keys(areas).filter(isArea))
        if (await storage.get(markerOf(cluster, area))) await fill(cluster, area);
    },
  };
}
