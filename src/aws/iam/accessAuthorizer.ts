import type { Authorizer } from '../../shared/auth/authorize.ts';
import { rulesFrom } from '../../shared/auth/rbac/authorizer.ts';
import { bootstrapPolicy } from '../../shared/auth/rbac/bootstrap/index.ts';
import { type RuleSet, ruleSet } from '../../shared/auth/rbac/ruleSet.ts';
import { authenticatedGroup, type User, unauthenticatedGroup } from '../../shared/auth/user.ts';
import type { AccessEntry, AccessScope } from './accessEntries.ts';
import { canonical } from './identity.ts';
import { policyOf } from './policies.ts';

/** The rules of a policy with where they hold. */
interface Grant {
  set: RuleSet;
  clusters: readonly string[];
  /** Absent: in every namespace, and outside of them. */
  namespaces?: readonly string[];
}

/**
 * Decides by the access policies of the entries, and by what every cluster grants to everybody: neither has to be looked
 * up. RBAC stands beside it, for what it does not allow.
 */
export function accessAuthorizer(entries: readonly AccessEntry[]): Authorizer {
  const grants = new Map<string, Grant[]>();
  for (const entry of entries) {
    const key = keyOf(entry.principalArn);
    grants.set(key, [...(grants.get(key) ?? []), ...grantsOf(entry)]);
  }
  const held = (cluster: string, user: User, namespace = ''): Grant[] => {
    const principal = principalOf(user);
    const all = (principal && grants.get(keyOf(principal))) || [];
    return all.filter(
      ({ clusters, namespaces }) =>
        (clusters.includes('*') || clusters.includes(cluster)) &&
        (!namespaces || (namespace !== '' && namespaces.includes(namespace))),
    );
  };
  return {
    decide: (attributes) => {
      const { cluster, user, namespace } = attributes;
      const byEntry = held(cluster, user, namespace).some(({ set }) => set.allows(attributes));
      return byEntry ? { allowed: true } : bootstrapPolicy.decide({ ...attributes, user: anyOf(user) });
    },
    rules: (cluster, user, namespace) =>
      rulesFrom([
        ...bootstrapPolicy.rulesFor(anyOf(user), namespace).rules,
        ...held(cluster, user, namespace).flatMap(({ set }) => set.rules),
      ]),
  };
}

/** A user of whom no more is known than whether they are known. */
const anyOf = ({ groups }: User): User => ({
  name: '',
  groups: groups.filter((group) => group === authenticatedGroup || group === unauthenticatedGroup),
});

/** Names of IAM users are free to choose, so they count for nothing here; their ARNs are not. */
const principalOf = ({ name, extra }: User) =>
  extra?.canonicalArn?.[0] ?? (name.startsWith('system:serviceaccount:') ? name : undefined);

const keyOf = (principal: string) => (canonical(principal) ?? principal).toLowerCase();

const grantsOf = ({ accessPolicies = [] }: AccessEntry): Grant[] =>
  accessPolicies.flatMap(({ policyArn, accessScope }) => {
    const policy = policyOf(policyArn);
    return policy ? grantOf(policy.resources, policy.paths, accessScope) : [];
  });

const grantOf = (resources: RuleSet['rules'], paths: RuleSet['rules'], scope: AccessScope): Grant => {
  const clusters = scope.clusters ?? ['default'];
  return scope.type === 'cluster'
    ? { set: ruleSet([...resources, ...paths]), clusters }
    : { set: ruleSet(resources), clusters, namespaces: scope.namespaces };
};
