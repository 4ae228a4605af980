import type { Storage } from '../ports/storage.ts';
import type { TokenVerifier } from './authenticate.ts';

/** The UID of an object that is there now. */
export type UidOf = (
  cluster: string,
  resource: 'serviceaccounts' | 'pods',
  namespace: string,
  name: string,
) => Promise<string | undefined>;

/** Tokens that say nothing once their account, or the Pod they are bound to, is gone. */
export const liveTokens =
  (verify: TokenVerifier, uidOf: UidOf): TokenVerifier =>
  async (token, cluster, audience) => {
    const user = await verify(token, cluster, audience);
    const account = user && /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user.name);
    if (!account) return undefined;
    const [, namespace = '', name = ''] = account;
    if ((await uidOf(cluster, 'serviceaccounts', namespace, name)) !== user.uid) return undefined;
    const pod = user.extra?.['authentication.kubernetes.io/pod-name']?.[0];
    if (pod === undefined) return user;
    const uid = user.extra?.['authentication.kubernetes.io/pod-uid']?.[0];
    return (await uidOf(cluster, 'pods', namespace, pod)) === uid ? user : undefined;
  };

/** Looks where objects are stored. */
export const uidIn =
  (storage: Pick<Storage, 'get'>): UidOf =>
  async (cluster, resource, namespace, name) => {
    const found = await storage.get({ cluster, resource, namespace, name });
    return found && JSON.parse(Buffer.from(found.value).toString()).metadata.uid;
  };
