import type { Secret } from '../../kinds/schema/types.ts';
import { accountIn } from '../../ports/accountTokens.ts';
import type { SecretVault } from '../../ports/cloud.ts';
import { standing } from '../common/clusters.ts';
import { convergeOn } from '../common/convergeOn.ts';
import {
  type Controller,
  keyOf,
  type ObjectKey,
  type ReconcileContext,
  type WorkKey,
  watching,
} from '../controller.ts';
import { secrets } from '../resources.ts';
import { secretNames, secretsInUse } from './plan.ts';
import { reportingFailures } from './reportingFailures.ts';
import { usersIn, watchingUsers } from './users.ts';

const sweep = 'secrets';

/** Keeps a copy in the cloud's vault of each Secret that a Pod or a workload uses, from where containers get it. */
export const secretProjection: Controller = {
  group: 'secrets',
  name: 'secret-projection-controller',
  isFor: ({ secrets: vault }) => vault !== undefined,
  watches: [
    // One that is only offered again is found by what uses it, and by the sweep.
    watching<Secret>({ resource: secrets, keys: (secret, old) => (secret === old ? [] : [keyOf(secret)]) }),
    ...watchingUsers(secretNames),
  ],
  always: ({ secrets: vault }) => (vault ? [{ namespace: '', name: sweep }] : []),

  async reconcile(key, ctx) {
    const vault = ctx.cloud.secrets;
    if (!vault) return undefined;
    if (key.namespace === '') return sweepAll(key.cluster, vault, ctx);
    await convergeOn(
      () => wanted(key, ctx),
      (secret) => keep(secret, key, vault, ctx),
      (now, seen) => revisionOf(now) === revisionOf(seen),
    );
    return undefined;
  },
};

const revisionOf = (secret: Secret | undefined) =>
  secret && `${secret.metadata.uid} ${secret.metadata.resourceVersion}`;

/** Always answers true: only the vault knows whether it had to write. */
async function keep(
  secret: Secret | undefined,
  key: WorkKey,
  vault: SecretVault,
  ctx: ReconcileContext,
): Promise<boolean> {
  const ref = { ...key, uid: secret?.metadata.uid ?? '' };
  if (secret) await reportingFailures(secret, () => vault.project(ref, secret), ctx);
  else await vault.remove(ref);
  return true;
}

/** The Secret, if something uses it. */
async function wanted({ namespace, name }: ObjectKey, ctx: ReconcileContext): Promise<Secret | undefined> {
  const secret = await ctx.client.get(secrets, namespace, name);
  return secret && (await usedIn(namespace, ctx)).has(name) ? secret : undefined;
}

/** The names of the Secrets that something in the namespace uses. */
const usedIn = async (namespace: string, { client }: ReconcileContext) =>
  secretsInUse(await usersIn(namespace, client));

/** Copies that nothing uses any more, or whose Secret or whole cluster is gone. */
async function sweepAll(cluster: string, vault: SecretVault, ctx: ReconcileContext): Promise<undefined> {
  // The controller that makes tokens sweeps them; where it does not run any more, they go as copies without a Secret.
  const all = (await vault.list()).filter(({ name }) => !vault.tokens || accountIn(name) === undefined);
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
