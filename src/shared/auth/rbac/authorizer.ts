import type { PolicyRule } from '../../kinds/schema/types.ts';
import type { Authorizer, Rules } from '../authorize.ts';
import { masters } from '../user.ts';
import type { PolicyIn } from './policies.ts';
import { aggregate } from './policy.ts';

/**
 * Decides by the RBAC objects of each logical cluster; system:masters may do everything, whatever they say. Nobody is
 * refused by a policy that is not fresh: a right counts at once, its withdrawal as soon as somebody looks.
 */
export const rbacAuthorizer = (policyIn: PolicyIn): Authorizer => ({
  decide: async (attributes) => {
    const { cluster, user } = attributes;
    if (user.groups.includes(masters)) return { allowed: true };
    const policy = await policyIn(cluster);
    const decision = policy.decide(attributes);
    if (decision.allowed) return decision;
    const fresh = await policyIn(cluster, true);
    return fresh === policy ? decision : fresh.decide(attributes);
  },
  rules: async (cluster, user, namespace) => {
    const { rules, errors } = (await policyIn(cluster, true)).rulesFor(user, namespace);
    return { ...rulesFrom(rules), ...(errors.length && { evaluationError: aggregate(errors) }) };
  },
});

/** Rules as reviews show them: those about resources, and those about paths. */
export const rulesFrom = (rules: readonly PolicyRule[]): Rules => ({
  resourceRules: rules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames }) =>
    resources.length
      ? [{ verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) }]
      : [],
  ),
  nonResourceRules: rules.flatMap(({ verbs, nonResourceURLs = [] }) =>
    nonResourceURLs.length ? [{ verbs, nonResourceURLs }] : [],
  ),
});
