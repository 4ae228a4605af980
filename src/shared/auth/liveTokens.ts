import type { Storage } from '../ports/storage.ts';
import type { TokenVerifier } from './authenticate.ts';
import type { User } from './user.ts';

/** The UID of an object that is there now. */
export type UidOf = (
  cluster: string,
  resource: 'serviceaccounts' | 'pods' | 'nodes',
  namespace: string,
  name: string,
) => Promise<string | undefined>;

/** Tokens that say nothing once their account, or the Pod or node they are bound to, is gone. */
export const liveTokens =
  (verify: TokenVerifier, uidOf: UidOf): TokenVerifier =>
  async (token, cluster, audience) => {
    const user = await verify(token, cluster, audience);
    const account = user && /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user.name);
    if (!account) return undefined;
    const [, namespace = '', name = ''] = account;
    if ((await uidOf(cluster, 'serviceaccounts', namespace, name)) !== user.uid) return undefined;
    const bound = (kind: 'pod' | 'node', what: 'name' | 'uid') =>
      user.extra?.[`authentication.kubernetes.io/${kind}-${what}`]?.[0];
    const [pod, node] = [bound('pod', 'name'), bound('node', 'name')];
    // The node of a token that is bound to a Pod is told and not judged.
    if (pod !== undefined)
      return (await uidOf(cluster, 'pods', namespace, pod)) === bound('pod', 'uid') ? user : undefined;
    if (node === undefined) return user;
    return (await uidOf(cluster, 'nodes', '', node)) === bound('node', 'uid') ? user : undefined;
  };

/** Tokens that the server was started with come first; they are good for the API's own audience only. */
export const knownOr =
  (
    known: ((token: string) => User | undefined) | undefined,
    api: string,
    others: TokenVerifier,
  ): TokenVerifier =>
  (token, cluster, audience = api) =>
    (audience === api && known?.(token)) || others(token, cluster, audience);

/** Looks where objects are stored. */
export const uidIn =
  (storage: Pick<Storage, 'get'>): UidOf =>
  async (cluster, resource, namespace, name) => {
    const found = await storage.get({ cluster, resource, namespace, name });
    return found && JSON.parse(Buffer.from(found.value).toString()).metadata.uid;
  };
