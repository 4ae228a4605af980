import type { Attributes, Authorizer } from '../../shared/auth/authorize.ts';
import { usagePath } from '../drivers/pods/usagePath.ts';
import { bootedAccount, bootedPod } from './user.ts';

/**
 * Lets a boot token ask for tokens of its service account and for nothing else, whatever others would allow; one that is
 * bound to a Pod also lets it tell what it uses.
 */
export const bootTokenAuthorizer = (others: Authorizer): Authorizer => ({
  decide(attributes) {
    const account = bootedAccount(attributes.user);
    if (!account) return others.decide(attributes);
    if (isTokenRequest(attributes) && isSame(account, attributes)) return { allowed: true };
    if (isTelling(attributes) && bootedPod(attributes.user)) return { allowed: true };
    return { allowed: false, reason: 'a boot token is good for tokens of Pods of its service account only' };
  },
  rules: (cluster, user, namespace) =>
    bootedAccount(user)
      ? { resourceRules: [], nonResourceRules: [] }
      : others.rules(cluster, user, namespace),
});

const isTokenRequest = ({ verb, resource }: Attributes): boolean =>
  verb === 'create' &&
  resource?.group === '' &&
  resource.plural === 'serviceaccounts' &&
  resource.subresource === 'token';

const isTelling = ({ verb, resource, path }: Attributes): boolean =>
  verb === 'post' && !resource && path === usagePath;

const isSame = (account: { namespace: string; name: string }, { namespace, name }: Attributes): boolean =>
  namespace === account.namespace && name === account.name;
