import type { Client, Clients } from '../client/client.ts';
import type { Storage } from '../ports/storage.ts';
import { ensureApiServices } from './apiServices.ts';
import { ensureFlowControl } from './flowControl.ts';
import { type Area, areas, isArea, isFilled, markerOf, textOf, wantedText } from './marker/index.ts';
import { ensurePolicy } from './policy.ts';

/** Writes what is missing of what a logical cluster begins with in a group of the API. */
const ensure: Record<Area, (client: Client) => Promise<void>> = {
  'rbac.authorization.k8s.io': ensurePolicy,
  'apiregistration.k8s.io': ensureApiServices,
  'flowcontrol.apiserver.k8s.io': ensureFlowControl,
};

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
    const text = await wantedText(storage, cluster);
    await ensure[area](clients(cluster));
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
      for (const area of areas) if (await storage.get(markerOf(cluster, area))) await fill(cluster, area);
    },
  };
}
