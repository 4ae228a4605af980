import type { TokenVerifier } from '../../shared/auth/authenticate.ts';
import type { User } from '../../shared/auth/user.ts';
import { bootAudience } from '../../shared/ports/accountTokens.ts';

/**
 * Who shows a boot token is nobody's service account: a user of its own, without the account's rights and groups, so that
 * no role and no access entry is about it.
 */
const prefix = 'system:shallop:boot:';

/**
 * Knows boot tokens beside those that `verify` knows, in requests only: a TokenReview names an audience, and for none is a
 * boot token good.
 */
export const withBootTokens =
  (verify: TokenVerifier): TokenVerifier =>
  async (token, cluster, audience) => {
    if (audience === bootAudience) return undefined;
    const user = await verify(token, cluster, audience);
    if (user || audience !== undefined) return user;
    const account = await verify(token, cluster, bootAudience);
    return account && bootUser(account);
  };

const bootUser = ({ name, extra }: User): User => ({
  name: prefix + name.replace(/^system:serviceaccount:/, ''),
  groups: [],
  ...(extra && { extra }),
});

/** The service account whose boot token a user has shown; undefined for all others. */
export function bootedAccount({ name }: User): { namespace: string; name: string } | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const [namespace = '', account = ''] = name.slice(prefix.length).split(':');
  return { namespace, name: account };
}

/** The Pod that the boot token is bound to, which a user has shown; undefined for all others. */
export function bootedPod(user: User): { namespace: string; name: string; uid: string } | undefined {
  const bound = (what: 'name' | 'uid') => user.extra?.[`authentication.kubernetes.io/pod-${what}`]?.[0];
  const [account, name, uid] = [bootedAccount(user), bound('name'), bound('uid')];
  return account && name && uid ? { namespace: account.namespace, name, uid } : undefined;
}
