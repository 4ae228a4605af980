import { aggregatedRules } from '../../kinds/rbac.authorization.k8s.io/v1/clusterrole/aggregate.ts';
import type { ClusterRole, PolicyRule } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';

/** The rules that a role has to get; undefined when it gathers none, or has them. */
export function plan(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] | undefined {
  const rules = aggregatedRules(role, all);
  return rules && !isSame(rules, role.rules) ? rules : undefined;
}
