import type { SecretRef, SecretVault } from '../../cloud/provider.ts';
import { ApiError } from '../../errors/apiError.ts';
import type { Pod, ReplicaSet, Secret } from '../../kinds/schema/types.ts';
import { standing } from '../common/clusters.ts';
import { isTerminal } from '../common/pods.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { pods, replicaSets, secrets } from '../resources.ts';
import { secretNames, secretsInUse } from './plan.ts';

const sweep = 'secrets';

/** Keeps a copy of each Secret that containers get from the cloud, while something uses it. */
export const secretProjection: Controller = {
  group: 'secrets',
  name: 'secret-projection-controller',
  isFor: ({ secrets: vault }) => vault !== undefined,
  watches: [
    // One that is only offered again is found by what uses it, and by the sweep.
    watching<Secret>({ resource: secrets, keys: (secret, old) => (secret === old ? [] : [keyOf(secret)]) }),
    watching<Pod>({
      resource: pods,
      keys: (pod, old, { deleted }) =>
        !deleted && old && pod !== old && isTerminal(pod) === isTerminal(old)
          ? []
          : keysIn(pod, secretNames(pod.spec)),
    }),
    watching<ReplicaSet>({
      resource: replicaSets,
      keys: (set, old, { deleted }) =>
        !deleted && old && set !== old && set.spec?.replicas === old.spec?.replicas
          ? []
          : keysIn(set, secretNames(set.spec?.template?.spec)),
    }),
  ],
  always: ({ secrets: vault }) => (vault ? [{ namespace: '', name: sweep }] : []),

  async reconcile(key, ctx) {
    const vault = ctx.cloud.secrets;
    if (!vault) return undefined;
    if (key.namespace === '') return sweepAll(key.cluster, vault, ctx);
    const secret = await ctx.client.get(secrets, key.namespace, key.name);
    const ref: SecretRef = { ...key, uid: secret?.metadata.uid ?? '' };
    if (secret && (await usedIn(key.namespace, ctx)).has(key.name)) await project(vault, ref, secret, ctx);
    else await vault.remove(ref);
    return undefined;
  },
};

const keysIn = ({ metadata: { namespace = '' } }: Pod | ReplicaSet, names: string[]) =>
  names.map((name) => ({ namespace, name }));

/** What does not pass by itself is told in an Event; what the cloud cannot hold is not tried again until it changes. */
async function project(vault: SecretVault, ref: SecretRef, secret: Secret, { events }: ReconcileContext) {
  try {
    await vault.project(ref, secret);
  } catch (error) {
    const passes = !(error instanceof ApiError) || error.reason === 'ServiceUnavailable';
    if (passes) throw error;
    events(secret, { type: 'Warning', reason: 'ProjectionFailed', message: error.message });
    if (error.reason !== 'Invalid') throw error;
  }
}

async function usedIn(namespace: string, { client }: ReconcileContext): Promise<Set<string>> {
  const [somePods, someSets] = await Promise.all([
    client.list(pods, { namespace }),
    client.list(replicaSets, { namespace }),
  ]);
  return secretsInUse({ pods: somePods, replicaSets: someSets });
}

/** Copies that nothing uses any more, or whose Secret or whole cluster is gone. */
async function sweepAll(cluster: string, vault: SecretVault, ctx: ReconcileContext): Promise<undefined> {
  const all = await vault.list();
  const stands = await standing(cluster, all, ctx.client);
  for (const ref of all) if (!stands(ref.cluster)) await vault.remove(ref);
  const copies = all.filter((ref) => ref.cluster === cluster);
  for (const [namespace, refs] of Map.groupBy(copies, (ref) => ref.namespace)) {
    const used = await usedIn(namespace, ctx);
    for (const ref of refs)
      if (!used.has(ref.name) || !(await ctx.client.get(secrets, namespace, ref.name)))
        await vault.remove(ref);
  }
}
