import type { Attributes, Authorizer, Decision, Rules } from '../authorize.ts';
import { bootstrapObjects } from '../rbac/bootstrap/index.ts';
import { ruleSet } from '../rbac/ruleSet.ts';
import { nodeOf } from '../user.ts';
import { judges, type Refusal } from './judges.ts';
import type { IsRelated } from './related.ts';

/**
 * Lets nodes (users `system:node:NAME` of the group `system:nodes`) read what Pods on them refer to and change what is their own, as
 * the authorization mode Node of kube-apiserver does. Whatever it does not allow, and whatever others ask, is for `next`.
 */
export function nodeAuthorizer(isRelated: IsRelated, next: Authorizer): Authorizer {
  const decideFor = async (node: string, attributes: Attributes) => {
    const why =
      node === ''
        ? `unknown node for user ${JSON.stringify(attributes.user.name)}`
        : await refusalOf(attributes, node, isRelated);
    if (why === undefined) return { allowed: true };
    return either(await next.decide(attributes), why);
  };
  return {
    decide: (attributes) => {
      const node = nodeOf(attributes.user);
      return node === undefined ? next.decide(attributes) : decideFor(node, attributes);
    },
    rules: async (cluster, user, namespace) => {
      const rules = await next.rules(cluster, user, namespace);
      return nodeOf(user) === undefined ? rules : untold(rules);
    },
  };
}

/** What a node may do depends on objects: it cannot be listed. */
function untold(rules: Rules): Rules {
  const errors = [
    'node authorizer does not support user rule resolution',
    rules.evaluationError ?? [],
  ].flat();
  return { ...rules, evaluationError: errors.join(', '), incomplete: true };
}

/** Reasons stand each on a line, as those of several authorizers do. */
function either(decision: Decision, why: string): Decision {
  if (decision.allowed) return decision;
  const reason = [why, decision.reason ?? ''].filter(Boolean).join('\n');
  return { allowed: false, ...(reason && { reason }) };
}

function refusalOf(attributes: Attributes, node: string, isRelated: IsRelated): Refusal {
  const { resource } = attributes;
  const whole = resource ? [resource.plural, resource.group].filter(Boolean).join('.') : '';
  const judge = judges[whole];
  if (judge)
    return judge({ ...attributes, node, whole, subresource: resource?.subresource ?? '', isRelated });
  return nodeRules.allows(attributes) ? undefined : '';
}

const nodeRules = ruleSet(
  bootstrapObjects.clusterRoles.find(({ metadata }) => metadata.name === 'system:node')?.rules ?? [],
);
