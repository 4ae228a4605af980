import type { Secret, ServiceAccount } from '../../kinds/schema/types.ts';
import { unlessGone } from '../common/ignore.ts';
import { type Controller, keyOf, type ReconcileContext, watching } from '../controller.ts';
import { secrets, serviceAccounts } from '../resources.ts';
import { accountOf, base64, planFor, tokenType } from './plan.ts';

/** Fills Secrets that somebody makes to hold a token of a service account, and deletes them with their account. */
export const serviceAccountToken: Controller = {
  // Its function on AWS may open and seal Secrets.
  group: 'secrets',
  name: 'serviceaccount-token-controller',
  watches: [
    watching<Secret>({
      resource: secrets,
      lean: true,
      holding: tokenType,
      keys: (secret) => {
        const name = accountOf(secret);
        return name ? [{ namespace: secret.metadata.namespace ?? '', name }] : [];
      },
    }),
    watching<ServiceAccount>({
      resource: serviceAccounts,
      keys: (account, _, { deleted }) => (deleted ? [keyOf(account)] : []),
    }),
  ],

  /** The key is the account. */
  async reconcile({ cluster, namespace, name }, ctx) {
    const holding = { namespace, fieldSelector: `type=${tokenType}` };
    const held = (await ctx.client.list(secrets, holding)).filter((secret) => accountOf(secret) === name);
    if (held.length === 0) return undefined;
    // By a selector, so that no cache answers: a Secret may come right after its account.
    const known = { namespace, fieldSelector: `metadata.name=${name}` };
    const accounts = await ctx.client.list(serviceAccounts, known);
    const account = accounts.find(({ metadata }) => metadata.name === name);
    for (const secret of held) await settle(secret, account, cluster, ctx);
    return undefined;
  },
};

async function settle(
  secret: Secret,
  account: ServiceAccount | undefined,
  cluster: string,
  { client, env }: ReconcileContext,
): Promise<void> {
  const { namespace = '', name = '', uid } = secret.metadata;
  const plan = planFor(secret, account, { cluster, clusterCa: env.clusterCa() });
  if (plan === 'keep') return;
  if (plan === 'delete') {
    await unlessGone(client.delete(secrets, namespace, name, { ...(uid && { uid }) }));
    return;
  }
  const { fill, lacksToken } = plan;
  if (!account) return;
  const wanted = { heldBy: name, expirationSeconds: 0 };
  const token = lacksToken && { token: base64(await env.issueToken(cluster, account, wanted)) };
  await unlessGone(client.update(secrets, { ...fill, data: { ...fill.data, ...token } }));
}
