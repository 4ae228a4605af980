import type { PolicyRule } from '../../kinds/schema/types.ts';
import type { Authorizer, Rules } from '../authorize.ts';
import { masters } from '../user.ts';
import { aggregate, type Policy } from './policy.ts';

/** Decides by the RBAC objects of each logical cluster; system:masters may do everything, whatever they say. */
export const rbacAuthorizer = (
  policyIn: (cluster: string) => Promise<Policy> | Policy,
): Authorizer => ({
  decide: async (attributes) =>
    attributes.user.groups.includes(masters)
      ? { allowed: true }
      : (await policyIn(attributes.cluster)).decide(attributes),
  rules: async (cluster, user, namespace) => {
    const { rules, errors } = (await policyIn(cluster)).rulesFor(user, namespace);
    return { ...rulesFrom(rules), ...(errors.length && { evaluationError: aggregate(errors) }) };
  },
});

/** Rules as reviews show them: those about resources, and those about paths. */
const rulesFrom = (rules: readonly PolicyRule[]): Rules => ({
  resourceRules: rules.flatMap(({ verbs, apiGroups = [], resources = [], resourceNames }) =>
    resources.length
      ? [{ verbs, apiGroups, resources, ...(resourceNames?.length && { resourceNames }) }]
      : [],
  ),
  nonResourceRules: rules.flatMap(({ verbs, nonResourceURLs = [] }) =>
    nonResourceURLs.length ? [{ verbs, nonResourceURLs }] : [],
  ),
});
