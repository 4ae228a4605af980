import type { Reader } from '../../client/client.ts';
import { holds } from '../../kinds/shallop.dev/v1/logicalcluster/strategy.ts';
import type { KubeObject } from '../../meta/object.ts';
import type { Cloud } from '../../ports/cloud.ts';
import { unlessGone } from '../common/ignore.ts';
import { parallel } from '../common/parallel.ts';
import { type Controller, keyOf, watching } from '../controller.ts';
import { volumeNameFor } from '../persistentvolume/names.ts';
import { logicalClusters, persistentVolumes } from '../resources.ts';

const whileStoppingMs = 100;
/** AWS lets go of a security group minutes after its load balancer is gone. */
const whileHeldMs = 10_000;

/**
 * Empties one part of the cloud of what a logical cluster had there. `empty` answers whether nothing is left; otherwise it
 * is asked again after `againMs`.
 */
const releasing = (
  group: keyof typeof holds,
  againMs: number,
  empty: (cluster: string, cloud: Cloud, client: Reader) => Promise<boolean>,
): Controller => ({
  group,
  name: `cluster-${group}-controller`,
  defaultClusterOnly: true,
  watches: [
    watching<KubeObject>({
      resource: logicalClusters,
      keys: (cluster) => (cluster.metadata.deletionTimestamp ? [keyOf(cluster)] : []),
    }),
  ],

  async reconcile({ name }, { client, cloud, env }) {
    const object = await client.get(logicalClusters, '', name);
    const { finalizers = [], deletionTimestamp, resourceVersion } = object?.metadata ?? {};
    if (!deletionTimestamp || !finalizers.includes(holds[group])) return undefined;
    if (!(await empty(name, cloud, env.clients(name)))) return { requeueAfterMs: againMs };
    const remaining = finalizers.filter((f) => f !== holds[group]);
    const patch = { metadata: { resourceVersion, finalizers: remaining } };
    await unlessGone(client.patch(logicalClusters, '', name, patch));
    return undefined;
  },
});

/** Its Pods are stopped without grace; then its volumes go, other than those to retain. */
export const clusterPods = releasing('pods', whileStoppingMs, async (cluster, { pods, volumes }, client) => {
  const here = (await pods.list()).filter((ref) => ref.cluster === cluster);
  await parallel(here, 16, async (ref) => {
    if ((await pods.observe(ref))?.stopped) await pods.remove(ref);
    else await pods.stop(ref, 0);
  });
  if (here.length > 0) return false;
  const made = ((await volumes?.list()) ?? []).filter((ref) => ref.cluster === cluster);
  await parallel(made, 16, async (ref) => {
    const volume = await client.get(persistentVolumes, '', volumeNameFor(ref));
    if (volume?.spec?.persistentVolumeReclaimPolicy !== 'Retain') await volumes!.remove(ref, volume?.spec);
  });
  return true;
});

/** Removes the load balancers, the web entries of Ingresses and the names that the cluster had. */
export const clusterServices = releasing('services', whileHeldMs, async (cluster, cloud) => {
  const { loadBalancers, ingresses, names } = cloud;
  const found = await servedOf(cluster, cloud);
  await parallel(found.balanced, 16, (ref) => loadBalancers.remove(ref));
  await parallel(found.web, 16, (ref) => ingresses!.remove(ref));
  await parallel(found.named, 16, (ref) => names!.withdraw(ref));
  if (Object.values(found).every(isEmpty)) return true;
  return Object.values(await servedOf(cluster, cloud)).every(isEmpty);
});

async function servedOf(cluster: string, { loadBalancers, ingresses, names }: Cloud) {
  const [balanced, web, named] = await Promise.all([
    loadBalancers.list(),
    ingresses?.list() ?? [],
    names?.list() ?? [],
  ]);
  const isOfCluster = (ref: { cluster: string }) => ref.cluster === cluster;
  return {
    balanced: balanced.filter(isOfCluster),
    web: web.filter(isOfCluster),
    named: named.filter(isOfCluster),
  };
}

const isEmpty = (list: unknown[]) => list.length === 0;

/** Removes the copies of Secrets and of tokens that the cloud keeps for the cluster's Pods. */
export const clusterSecrets = releasing('secrets', whileStoppingMs, async (cluster, { secrets }) => {
  const copies = ((await secrets?.list()) ?? []).filter((ref) => ref.cluster === cluster);
  await parallel(copies, 16, (ref) => secrets!.remove(ref));
  return true;
});
