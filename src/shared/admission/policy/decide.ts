import type { Attributes, Authorizer } from '../../auth/authorize.ts';
import type { User } from '../../auth/user.ts';
import {
  type Check,
  type Decide,
  type Decision,
  Undecided,
} from '../../cel/library/kubernetes/authorizer.ts';
import type { Admission } from '../plugin.ts';

/**
 * Answers the questions that expressions ask an authorizer. Evaluations cannot wait, so one that asks something new
 * ends, the question is decided, and it begins again; each question of a request is decided once.
 */
export function decisionsOf(authorizer: Authorizer | undefined, { cluster, user }: Admission) {
  const known = new Map<string, Decision>();
  const decide: Decide = (check) => known.get(JSON.stringify(check));
  return {
    decide,
    async run<T>(evaluate: () => T): Promise<T> {
      for (;;) {
        try {
          return evaluate();
        } catch (error) {
          if (!(error instanceof Undecided)) throw error;
          known.set(JSON.stringify(error.check), await decided(authorizer, cluster, user, error.check));
        }
      }
    },
  };
}

async function decided(
  authorizer: Authorizer | undefined,
  cluster: string,
  user: User,
  check: Check,
): Promise<Decision> {
  if (!authorizer) return { allowed: true, reason: '' };
  const { allowed, reason = '' } = await authorizer.decide(attributesOf(cluster, user, check));
  return { allowed, reason };
}

function attributesOf(cluster: string, user: User, check: Check): Attributes {
  const {
    serviceAccount: account,
    verb,
    path,
    group = '',
    resource: plural = '',
    subresource,
    namespace,
    name,
  } = check;
  const asked = account ? accountUser(account) : user;
  if (path !== undefined) return { cluster, user: asked, verb, path };
  return {
    cluster,
    user: asked,
    verb,
    path: '',
    resource: { group, version: '*', plural, ...(subresource && { subresource }) },
    ...(namespace && { namespace }),
    ...(name && { name }),
  };
}

const accountUser = ({ namespace, name }: { namespace: string; name: string }): User => ({
  name: `system:serviceaccount:${namespace}:${name}`,
  groups: ['system:serviceaccounts', `system:serviceaccounts:${namespace}`],
});
