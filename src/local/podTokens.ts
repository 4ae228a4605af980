import type { TokenIssuer } from '../shared/auth/tokens.ts';
import type { Client } from '../shared/client/client.ts';
import type { PodSources } from '../shared/cloud/provider.ts';
import { serviceAccount } from '../shared/kinds/core/v1/serviceaccount/index.ts';
import type { Pod } from '../shared/kinds/schema/types.ts';

/** Tokens of the service account a Pod runs as, bound to that Pod. */
export const podTokens =
  (issuer: TokenIssuer, client: Client, cluster: string, { metadata }: Pod): PodSources['token'] =>
  async (account, { audience, expirationSeconds }) => {
    const { namespace = '', name = '', uid = '' } = metadata;
    const found = await client.get(serviceAccount, namespace, account);
    if (!found) throw new Error(`serviceaccount "${account}" not found`);
    return issuer.issue({
      cluster,
      namespace,
      serviceAccount: { name: account, uid: found.metadata.uid ?? '' },
      pod: { name, uid },
      ...(audience && { audience }),
      expirationSeconds,
    });
  };
