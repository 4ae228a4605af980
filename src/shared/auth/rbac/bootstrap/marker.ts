import type { Clients } from '../../../client/client.ts';
import type { Key, Storage } from '../../../ports/storage.ts';
import { ensurePolicy } from './ensure.ts';
import { policyVersion } from './index.ts';

/** What of storage tells whether the roles and bindings that a logical cluster begins with have been written. */
export type Marked = Pick<Storage, 'get'>;

/** No kind has this resource, so no request reaches it. */
const markerOf = (cluster: string): Key => ({
  cluster,
  resource: 'bootstrappolicy.internal',
  namespace: '',
  name: 'rbac',
});

const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString();

/** What the marker says once all is written: for which policy, and which cluster of that name. */
async function wanted(storage: Marked, cluster: string): Promise<string> {
  if (cluster === 'default') return policyVersion;
  const resource = 'logicalclusters.shallop.dev';
  const found = await storage.get({ cluster: 'default', resource, namespace: '', name: cluster });
  return `${policyVersion} ${found && JSON.parse(textOf(found.value)).metadata.uid}`;
}

export async function isFilled(storage: Marked, cluster: string): Promise<boolean> {
  const [found, text] = await Promise.all([storage.get(markerOf(cluster)), wanted(storage, cluster)]);
  return !!found && textOf(found.value) === text;
}

/** Writes what a logical cluster begins with, when somebody first asks for it. */
export interface PolicyFiller {
  /** Before a request to an RBAC resource: after it, everything is there to be listed and changed. */
  fill(cluster: string): Promise<void>;
  /** Once a start, as a real server does: what has been taken away comes back, where anything is written at all. */
  refill(cluster: string): Promise<void>;
}

export function policyFiller(
  storage: Pick<Storage, 'get' | 'create' | 'update'>,
  clients: Clients,
): PolicyFiller {
  const underWay = new Map<string, Promise<void>>();
  const started = new Set<string>();
  const fillOnce = async (cluster: string) => {
    const text = await wanted(storage, cluster);
    await ensurePolicy(clients(cluster));
    const bytes = Buffer.from(text);
    const found = await storage.get(markerOf(cluster));
    if (!found) await storage.create(markerOf(cluster), () => bytes);
    else if (textOf(found.value) !== text) await storage.update(found.key, found.revision, () => bytes);
  };
  const fill = (cluster: string): Promise<void> => {
    const current = underWay.get(cluster) ?? fillOnce(cluster).finally(() => underWay.delete(cluster));
    underWay.set(cluster, current);
    return current;
  };
  return {
    fill: async (cluster) => {
      if (!(await isFilled(storage, cluster))) await fill(cluster);
    },
    refill: async (cluster) => {
      if (started.has(cluster)) return;
      started.add(cluster);
      if (await storage.get(markerOf(cluster))) await fill(cluster);
    },
  };
}
