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

/** Empties one part of the cloud of what a logical cluster had there. `empty` answers whether nothing is left. */
const releasing = (
  group: keyof typeof holds,
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
    if (!(await empty(name, cloud, env.clients(name)))) return { requeueAfterMs: whileStoppingMs };
    const remaining = finalizers.filter((f) => f !== holds[group]);
    const patch = { metadata: { resourceVersion, finalizers: remaining } };
    await unlessGone(client.patch(logicalClusters, '', name, patch));
    return undefined;
  },
});

/** Its Pods are stopped without grace; then its volumes go, other than those to retain. */
export const clusterPods = releasing('pods', async (cluster, { pods, volumes }, client) => {
  const here = (await pods.list()).filter((ref) => ref.cluster === cluster);
  await parallel(here, 16, async (ref) => {
    if ((await pods.observe(ref))?.stopped) await pods.remove(ref);
    else await pods.stop(ref, 0);
  });
  if (here.length > 0) return false;
  const made = ((await volumes?.list()) ?? []).filter((ref) => ref.cluster === cluster);
  await parallel(made, 16, async (ref) => {
    const volume = await client.get(persistentVolumes, '', volumeNameFor(ref));
    if (volume?.spec?.persistentVolumeReclaimPolicy !== 'Retain') await volumes!.remove(ref);
  });
  return true;
});

/** Removes the load balancers, the web entries of Ingresses and the names that the cluster had. */
export const clusterServices = releasing('services', async (cluster, { loadBalancers, ingresses, names }) => {
  const balanced = (await loadBalancers.list()).filter((ref) => ref.cluster === cluster);
  await parallel(balanced, 16, (ref) => loadBalancers.remove(ref));
  const web = ((await ingresses?.list()) ?? []).filter((ref) => ref.cluster === cluster);
  await parallel(web, 16, (ref) => ingresses!.remove(ref));
  const named = ((await names?.list()) ?? []).filter((ref) => ref.cluster === cluster);
  await parallel(named, 16, (ref) => names!.withdraw(ref));
  return true;
});

/** Removes the copies of Secrets and of tokens that the cloud keeps for the cluster's Pods. */
export const clusterSecrets = releasing('secrets', async (cluster, { secrets }) => {
  const copies = ((await secrets?.list()) ?? []).filter((ref) => ref.cluster === cluster);
  await parallel(copies, 16, (ref) => secrets!.remove(ref));
  return true;
});
