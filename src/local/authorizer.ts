import type { Authorizer } from '../shared/auth/authorize.ts';
import { eitherOf } from '../shared/auth/eitherOf.ts';
import { nodeAuthorizer } from '../shared/auth/node/authorizer.ts';
import { relatedIn } from '../shared/auth/node/related.ts';
import { rbacAuthorizer } from '../shared/auth/rbac/authorizer.ts';
import type { PolicyIn } from '../shared/auth/rbac/policies.ts';
import { masters } from '../shared/auth/user.ts';
import type { Storage } from '../shared/ports/storage.ts';

/** As kube-apiserver's flag `--authorization-mode` calls them. */
export const authorizationModes = ['Node', 'RBAC', 'AlwaysAllow'] as const;
export type AuthorizationMode = (typeof authorizationModes)[number];

/** Allows what one of the modes allows. */
export function authorizerOf(
  modes: readonly AuthorizationMode[],
  storage: Storage,
  policyIn: PolicyIn,
): Authorizer {
  const isOpen = modes.includes('AlwaysAllow');
  const otherwise = isOpen ? everythingAllowed : nothingAllowed;
  const byRoles = modes.includes('RBAC') ? rbacAuthorizer(policyIn) : otherwise;
  const judged = modes.includes('Node') ? nodeAuthorizer(relatedIn(storage), byRoles) : byRoles;
  // Reviews of access tell which role allows something, where one does.
  return isOpen && judged !== everythingAllowed ? eitherOf(judged, everythingAllowed) : judged;
}

const everythingAllowed: Authorizer = {
  decide: () => ({ allowed: true }),
  rules: () => ({
    resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
    nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  }),
};

/** But to administrators, whatever the modes are. */
const nothingAllowed: Authorizer = {
  decide: ({ user }) => ({ allowed: user.groups.includes(masters) }),
  rules: () => ({ resourceRules: [], nonResourceRules: [] }),
};
