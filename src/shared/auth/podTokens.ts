import type { Client } from '../client/client.ts';
import type { PodSources } from '../cloud/provider.ts';
import { serviceAccount } from '../kinds/core/v1/serviceaccount/index.ts';
import type { Pod } from '../kinds/schema/types.ts';
import type { TokenRequest } from './tokens.ts';

/** Tokens of the service account a Pod runs as, bound to that Pod. */
export const podTokens =
  (
    issue: (request: TokenRequest) => Promise<string> | string,
    client: Client,
    cluster: string,
    { metadata }: Pod,
  ): PodSources['token'] =>
  async (account, { audience, expirationSeconds }) => {
    const { namespace = '', name = '', uid = '' } = metadata;
    const found = await client.get(serviceAccount, namespace, account);
    if (!found) throw new Error(`serviceaccount "${account}" not found`);
    return issue({
      cluster,
      namespace,
      serviceAccount: { name: account, uid: found.metadata.uid ?? '' },
      pod: { name, uid },
      ...(audience && { audience }),
      expirationSeconds,
    });
  };
