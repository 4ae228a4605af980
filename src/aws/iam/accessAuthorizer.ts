import type { Authorizer, Rules } from '../../shared/auth/authorize.ts';
import { knownPaths, knownResources, publicPaths } from '../../shared/auth/roles/everybody.ts';
import { type Policy, policyOf } from '../../shared/auth/roles/policies.ts';
import { allowsPath, allowsResource } from '../../shared/auth/roles/rules.ts';
import { masters, type User } from '../../shared/auth/user.ts';
import type { AccessEntry } from './accessEntries.ts';
import { canonical } from './identity.ts';

/** A policy with where it holds; absent: everywhere. */
interface Grant extends Policy {
  namespaces?: string[];
}

/** Decides by the access policies of the entries; the place of RBAC while its kinds are not there. */
export function accessAuthorizer(entries: readonly AccessEntry[]): Authorizer {
  const grants = new Map<string, Grant[]>();
  for (const entry of entries) {
    const key = keyOf(entry.principalArn);
    grants.set(key, [...(grants.get(key) ?? []), ...grantsOf(entry)]);
  }
  const of = (user: User): Grant[] => {
    if (user.groups.includes(masters)) return [everything];
    const principal = principalOf(user);
    return (principal && grants.get(keyOf(principal))) || [];
  };
  const rulesOf = (user: User, namespace: string | undefined): Rules => {
    const held = of(user);
    const [paths, resources] = isKnown(user) ? [knownPaths, knownResources] : [publicPaths, []];
    return {
      resourceRules: [...resources, ...within(held, namespace).flatMap((grant) => grant.resources)],
      nonResourceRules: [...paths, ...everywhere(held).flatMap((grant) => grant.paths)],
    };
  };
  return {
    decide: ({ user, verb, resource, namespace, path }) => {
      const { resourceRules, nonResourceRules } = rulesOf(user, namespace);
      if (!resource) return { allowed: allowsPath(nonResourceRules, verb, path) };
      const { group, plural, subresource } = resource;
      const full = subresource ? `${plural}/${subresource}` : plural;
      return { allowed: allowsResource(resourceRules, verb, group, full) };
    },
    rules: (_cluster, user, namespace) => rulesOf(user, namespace),
  };
}

const everything: Grant = policyOf('arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy')!;

/** Names of IAM users are free to choose, so they count for nothing here; their ARNs are not. */
const principalOf = ({ name, extra }: User) =>
  extra?.canonicalArn?.[0] ?? (name.startsWith('system:serviceaccount:') ? name : undefined);

const keyOf = (principal: string) => (canonical(principal) ?? principal).toLowerCase();

const grantsOf = ({ accessPolicies = [] }: AccessEntry): Grant[] =>
  accessPolicies.flatMap(({ policyArn, accessScope }) => {
    const policy = policyOf(policyArn);
    if (!policy) return [];
    return accessScope.type === 'cluster' ? policy : { ...policy, namespaces: accessScope.namespaces };
  });

const isKnown = ({ groups }: User) => groups.includes('system:authenticated') || groups.includes(masters);

const everywhere = (grants: Grant[]) => grants.filter(({ namespaces }) => !namespaces);
const within = (grants: Grant[], namespace: string | undefined) =>
  grants.filter(({ namespaces }) => !namespaces || (namespace && namespaces.includes(namespace)));
