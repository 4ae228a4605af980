import type { ServiceAccount } from '../../kinds/schema/types.ts';
import { accountIn, tokensName } from '../../ports/accountTokens.ts';
import type { SecretRef, SecretVault } from '../../ports/cloud.ts';
import { convergeOn } from '../common/convergeOn.ts';
import { same } from '../common/hash.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { serviceAccounts } from '../resources.ts';
import { reportingFailures } from '../secretprojection/reportingFailures.ts';
import { usersIn, watchingUsers } from '../secretprojection/users.ts';
import { accountOf, audiencesInUse, audiencesOf, lifeSeconds, mayUse, renewAt } from './plan.ts';

const sweep = 'tokens';

/**
 * Keeps tokens of each ServiceAccount that Pods have as files, where a cloud hands them over, while some do. They are
 * bound to no Pod: what refers to them is shared by all Pods of a template. Only Pods of `default` reach the API.
 */
export const tokenProjection: Controller = {
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
      (spec) => (audiencesOf(spec).length ? [accountOf(spec)] : []),
      (spec) => (mayUse(spec) ? [accountOf(spec)] : []),
    ),
  ],
  always: () => [{ namespace: '', name: sweep }],

  async reconcile({ cluster, namespace, name }, ctx) {
    const vault = ctx.cloud.secrets;
    if (!vault) return undefined;
    if (namespace) await convergeTokens({ cluster, namespace, name: tokensName(name) }, vault, ctx);
    else
      for (const ref of await vault.list())
        if (accountIn(ref.name) !== undefined) await convergeTokens(ref, vault, ctx);
    return undefined;
  },
};

const convergeTokens = (place: Place, vault: SecretVault, ctx: ReconcileContext): Promise<void> =>
  convergeOn(
    () => wanted(place, ctx),
    (found) => settle(place, found, vault, ctx),
    same,
  );

type Place = Omit<SecretRef, 'uid'>;

interface Wanted {
  account: ServiceAccount;
  audiences: string[];
}

/** Undefined: there is no such account, or nobody has tokens of it. */
async function wanted({ namespace, name }: Place, { client }: ReconcileContext): Promise<Wanted | undefined> {
  const account = await client.get(serviceAccounts, namespace, accountIn(name)!);
  const audiences = account ? audiencesInUse(account, await usersIn(namespace, client)) : [];
  return account && audiences.length > 0 ? { account, audiences } : undefined;
}

/** Answers whether anything was written. */
async function settle(
  place: Place,
  found: Wanted | undefined,
  vault: SecretVault,
  ctx: ReconcileContext,
): Promise<boolean> {
  if (!found) {
    await vault.remove({ ...place, uid: '' });
    return true;
  }
  const { account, audiences } = found;
  const ref = { ...place, uid: account.metadata.uid ?? '' };
  const kept = await Promise.all(audiences.map((audience) => vault.tokens?.find(ref, audience)));
  const now = ctx.clock.now();
  if (kept.every((token) => token && now < token.renewAt)) return false;
  await reportingFailures(
    account,
    async () => vault.tokens?.keep(ref, await issued(place.cluster, found, ctx), renewAt(now)),
    ctx,
  );
  return true;
}

async function issued(cluster: string, { account, audiences }: Wanted, { env }: ReconcileContext) {
  const tokens = new Map<string, string>();
  for (const audience of audiences) {
    const asked = { ...(audience && { audience }), expirationSeconds: lifeSeconds };
    tokens.set(audience, await env.issueToken(cluster, account, asked));
  }
  return tokens;
}
