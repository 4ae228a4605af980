import type { PolicyRule } from '../../kinds/schema/types.ts';
import { isComing, type Soon } from '../../meta/soon.ts';
import type { Attributes, Authorizer, Decision, Rules } from '../authorize.ts';
import { masters } from '../user.ts';
import type { PolicyIn } from './policies.ts';
import { aggregate, type Policy } from './policy.ts';

/**
 * Decides by the RBAC objects of each logical cluster; system:masters may do everything, whatever they say. Nobody is
 * refused by a policy that is not fresh: a right counts at once, its withdrawal as soon as somebody looks.
 */
export const rbacAuthorizer = (policyIn: PolicyIn): Authorizer => ({
  decide: (attributes) => {
    const { cluster, user } = attributes;
    if (user.groups.includes(masters)) return { allowed: true };
    const policy = policyIn(cluster);
    if (isComing(policy)) return policy.then((each) => decision(policyIn, each, attributes));
    return decision(policyIn, policy, attributes);
  },
  rules: async (cluster, user, namespace) => {
    const { rules, errors } = (await policyIn(cluster, true)).rulesFor(user, namespace);
    return { ...rulesFrom(rules), ...(errors.length && { evaluationError: aggregate(errors) }) };
  },
});

function decision(policyIn: PolicyIn, policy: Policy, attributes: Attributes): Soon<Decision> {
  const decided = policy.decide(attributes);
  return decided.allowed ? decided : refused(policyIn, policy, decided, attributes);
}

async function refused(policyIn: PolicyIn, policy: Policy, decided: Decision, attributes: Attributes) {
  const fresh = await policyIn(attributes.cluster, true);
  return fresh === policy ? decided : fresh.decide(attributes);
}

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
