import type { Secret } from '../kinds/schema/types.ts';
import type { Storage } from '../ports/storage.ts';
import type { TokenVerifier } from './authenticate.ts';
import type { User } from './user.ts';

/** Looks where objects are stored now. */
export interface Lookup {
  /** Returns the UID of an object that is there. */
  uidOf(
    cluster: string,
    resource: 'serviceaccounts' | 'pods' | 'nodes' | 'secrets',
    namespace: string,
    name: string,
  ): Promise<string | undefined>;
  /** Returns the token that a Secret holds, unless the Secret is being deleted. */
  tokenIn(cluster: string, namespace: string, name: string): Promise<string | undefined>;
}

/** Tokens that say nothing once their account, or the Pod, node or Secret they are bound to, is gone. */
export const liveTokens =
  (verify: TokenVerifier, { uidOf, tokenIn }: Lookup): TokenVerifier =>
  async (token, cluster, audience) => {
    const found = await verify(token, cluster, audience);
    const account = found && /^system:serviceaccount:([^:]+):([^:]+)$/.exec(found.name);
    if (!account) return undefined;
    const { secret, ...user } = found;
    const [, namespace = '', name = ''] = account;
    if ((await uidOf(cluster, 'serviceaccounts', namespace, name)) !== user.uid) return undefined;
    const bound = (kind: 'pod' | 'node', what: 'name' | 'uid') =>
      user.extra?.[`authentication.kubernetes.io/${kind}-${what}`]?.[0];
    const [pod, node] = [bound('pod', 'name'), bound('node', 'name')];
    // The node of a token that is bound to a Pod is told and not judged.
    if (pod !== undefined)
      return (await uidOf(cluster, 'pods', namespace, pod)) === bound('pod', 'uid') ? user : undefined;
    if (secret?.uid !== undefined)
      return (await uidOf(cluster, 'secrets', namespace, secret.name)) === secret.uid ? user : undefined;
    if (secret) return (await tokenIn(cluster, namespace, secret.name)) === token ? user : undefined;
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
export function lookupIn(storage: Pick<Storage, 'get'>): Lookup {
  const find = async (cluster: string, resource: string, namespace: string, name: string) => {
    const found = await storage.get({ cluster, resource, namespace, name });
    return found && (JSON.parse(Buffer.from(found.value).toString()) as Secret);
  };
  return {
    uidOf: async (...place) => (await find(...place))?.metadata.uid,
    tokenIn: async (cluster, namespace, name) => {
      const secret = await find(cluster, 'secrets', namespace, name);
      const held = secret?.metadata.deletionTimestamp ? undefined : secret?.data?.token;
      return held && Buffer.from(held, 'base64').toString();
    },
  };
}
