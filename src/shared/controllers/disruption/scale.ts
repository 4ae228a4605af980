import type { Reader } from '../../client/client.ts';
import type { OwnerReference, Pod } from '../../kinds/schema/types.ts';
import { controllerOf, type KubeObject } from '../../meta/object.ts';
import { deployments, replicaSets } from '../resources.ts';

/** Describes what the controllers of some Pods want. */
export interface Scale {
  /** Says how many Pods the controllers of all Pods want together. */
  count: number;
  /** Pods without a controller. */
  unmanaged: Pod[];
}

type Scaled = KubeObject & { spec?: { replicas?: number } };

/**
 * The scale of the controllers that a budget's Pods have, each counted once: a Deployment's instead of its ReplicaSets'.
 * Throws when a Pod's controller is gone or has no scale.
 */
export async function scaleOf(pods: Pod[], client: Reader): Promise<Scale> {
  const counts = new Map<string, number>();
  const unmanaged: Pod[] = [];
  for (const pod of pods) {
    const owner = controllerOf(pod);
    if (!owner) unmanaged.push(pod);
    else if (!counts.has(owner.uid)) {
      const found = await controllerAndScale(owner, pod.metadata.namespace ?? '', client);
      if (!found) throw new Error(`found no controllers for pod ${JSON.stringify(pod.metadata.name)}`);
      // Pods of another ReplicaSet of the same Deployment lead to the same controller.
      counts.set(found.metadata.uid ?? '', found.spec?.replicas ?? 0);
    }
  }
  return { count: [...counts.values()].reduce((sum, count) => sum + count, 0), unmanaged };
}

async function controllerAndScale(
  owner: OwnerReference,
  namespace: string,
  client: Reader,
): Promise<Scaled | undefined> {
  if (owner.kind === 'ReplicaSet' && owner.apiVersion.startsWith('apps/')) {
    const set = await client.get(replicaSets, namespace, owner.name);
    if (set?.metadata.uid !== owner.uid) return undefined;
    const deployment = controllerOf(set);
    if (deployment?.kind !== 'Deployment') return set;
    const found = await client.get(deployments, namespace, deployment.name);
    return found?.metadata.uid === deployment.uid ? found : undefined;
  }
  const [version = '', group = ''] = owner.apiVersion.split('/').reverse();
  const resource = (await client.resources()).find(
    (each) => each.kind === owner.kind && each.group === group && each.version === version,
  );
  if (!resource?.namespaced) return undefined;
  const found = (await client.get(resource, namespace, owner.name)) as Scaled | undefined;
  return found?.metadata.uid === owner.uid && found.spec?.replicas !== undefined ? found : undefined;
}
