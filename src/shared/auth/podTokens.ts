import type { Client } from '../client/client.ts';
import { node as nodes } from '../kinds/core/v1/node/index.ts';
import { serviceAccount } from '../kinds/core/v1/serviceaccount/index.ts';
import type { Pod, ServiceAccount } from '../kinds/schema/types.ts';
import type { PodSources } from '../ports/cloud.ts';
import type { TokenRequest } from './tokens.ts';

/** Tokens of the service account a Pod runs as, bound to that Pod. */
export const podTokens =
  (
    issue: (request: TokenRequest) => Promise<string> | string,
    client: Client,
    cluster: string,
    { metadata, spec }: Pod,
  ): PodSources['token'] =>
  async (account, { audience, expirationSeconds }) => {
    const { namespace = '', name = '', uid = '' } = metadata;
    const found = await client.get(serviceAccount, namespace, account);
    if (!found) throw new Error(`serviceaccount "${account}" not found`);
    const node = spec?.nodeName && (await client.get(nodes, '', spec.nodeName));
    return issue({
      cluster,
      namespace,
      serviceAccount: { name: account, uid: found.metadata.uid ?? '' },
      pod: { name, uid },
      ...(spec?.nodeName && { node: { name: spec.nodeName, ...(node && { uid: node.metadata.uid ?? '' }) } }),
      ...(audience && { audience }),
      expirationSeconds,
    });
  };

/** Tokens of a service account that are bound to no Pod. */
export const accountTokens =
  (issue: (request: TokenRequest) => Promise<string> | string) =>
  async (
    cluster: string,
    { metadata: { namespace = '', name = '', uid = '' } }: ServiceAccount,
    wanted: { heldBy?: string; audience?: string; expirationSeconds: number },
  ): Promise<string> =>
    issue({ cluster, namespace, serviceAccount: { name, uid }, ...wanted });
