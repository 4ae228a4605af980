import type { ServiceAccount } from '../../kinds/schema/types.ts';
import { accountIn, bootAudience, tokensName } from '../../ports/accountTokens.ts';
import type { SecretRef, SecretVault } from '../../ports/cloud.ts';
import { convergeOn } from '../common/convergeOn.ts';
import { same } from '../common/hash.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { serviceAccounts } from '../resources.ts';
import { reportingFailures } from '../secretprojection/reportingFailures.ts';
import { podsIn, replicaSetsIn, watchingUsers } from '../secretprojection/users.ts';
import { accountOf, hasTokens, isDue, isInUse, lifeSeconds, mayUse, renewAt } from './plan.ts';

const sweep = 'tokens';

/**
 * Keeps a boot token in the cloud's vault for each ServiceAccount whose tokens Pods mount, as long as one does. The token is
 * not bound to a Pod, since all Pods of a template share the reference to it; the API accepts it only for a Pod's own
 * tokens. Only Pods of the logical cluster `default` reach the API.
 */
export const tokenProjection: Controller = tokenProjectionOf(false);

/** Keeps a boot token for each ServiceAccount that Pods run as, where Pods without a mounted token need one too. */
export const tokenProjectionOfAll: Controller = tokenProjectionOf(true);

function tokenProjectionOf(everyPod: boolean): Controller {
  return {
    group: 'secrets',
    name: 'token-projection-controller',
    isFor: ({ secrets: vault }) => vault?.tokens !== undefined,
    defaultClusterOnly: true,
    watches: [
      watching<ServiceAccount>({
        resource: serviceAccounts,
        // One that is only offered again is found by what uses it, and by the sweep.
        keys: (account, old) => (account === old ? [] : [keyOf(account)]),
      }),
      ...watchingUsers(
        (spec) => (everyPod || hasTokens(spec) ? [accountOf(spec)] : []),
        (spec) => (everyPod || mayUse(spec) ? [accountOf(spec)] : []),
      ),
    ],
    always: () => [{ namespace: '', name: sweep }],

    async reconcile({ cluster, namespace, name }, ctx) {
      const vault = ctx.cloud.secrets;
      if (!vault) return undefined;
      const converge = (place: Place) => convergeTokens(place, vault, everyPod, ctx);
      if (namespace) await converge({ cluster, namespace, name: tokensName(name) });
      else for (const ref of await vault.list()) if (accountIn(ref.name) !== undefined) await converge(ref);
      return undefined;
    },
  };
}

const convergeTokens = (
  place: Place,
  vault: SecretVault,
  everyPod: boolean,
  ctx: ReconcileContext,
): Promise<void> =>
  convergeOn(
    () => wanted(place, everyPod, ctx),
    (found) => settle(place, found, vault, ctx),
    same,
  );

type Place = Omit<SecretRef, 'uid'>;

/** Undefined: there is no such account, or nobody has tokens of it. */
async function wanted(
  { namespace, name }: Place,
  everyPod: boolean,
  { client }: ReconcileContext,
): Promise<ServiceAccount | undefined> {
  const account = await client.get(serviceAccounts, namespace, accountIn(name)!);
  if (!account) return undefined;
  const replicaSets = await replicaSetsIn(namespace, client);
  // They are few, and mostly answer it; Pods are many and change all the time.
  if (isInUse(account, { pods: [], replicaSets }, everyPod)) return account;
  const pods = await podsIn(namespace, client);
  return isInUse(account, { pods, replicaSets: [] }, everyPod) ? account : undefined;
}

/** Answers whether anything was written. */
async function settle(
  place: Place,
  account: ServiceAccount | undefined,
  vault: SecretVault,
  ctx: ReconcileContext,
): Promise<boolean> {
  if (!account) {
    await vault.remove({ ...place, uid: '' });
    return true;
  }
  const ref = { ...place, uid: account.metadata.uid ?? '' };
  const kept = await vault.tokens?.find(ref);
  const now = ctx.clock.now();
  if (kept && !isDue(kept.renewAt, now, ctx.env.tokensSince)) return false;
  const asked = { audience: bootAudience, expirationSeconds: lifeSeconds };
  await reportingFailures(
    account,
    async () =>
      vault.tokens?.keep(ref, await ctx.env.issueToken(place.cluster, account, asked), renewAt(now)),
    ctx,
  );
  return true;
}
