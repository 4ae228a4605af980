import { aggregatedRules } from '../../../kinds/rbac.authorization.k8s.io/v1/clusterrole/aggregate.ts';
import type { ClusterRole } from '../../../kinds/schema/types.ts';
import { isSame } from '../../../kinds/validation/same.ts';
import { type PolicyObjects, policyOf } from '../policy.ts';
import data from './policy.json' with { type: 'json' };

/** Until nothing more is gathered: roles for editors gather those for viewers, and are gathered for administrators. */
function aggregated(roles: readonly ClusterRole[]): ClusterRole[] {
  let current = [...roles];
  for (let changed = true; changed; ) {
    changed = false;
    current = current.map((role) => {
      const rules = aggregatedRules(role, current);
      if (!rules || isSame(rules, role.rules)) return role;
      changed = true;
      return { ...role, rules };
    });
  }
  return current;
}

const { clusterRoles, ...others } = data as unknown as PolicyObjects;

/**
 * Is what every logical cluster begins with, as after a real server's start; aggregated roles hold their rules already.
 */
export const bootstrapObjects: PolicyObjects = { ...others, clusterRoles: aggregated(clusterRoles) };

/** The policy of a logical cluster in which nothing of it has been written or looked at yet. */
export const bootstrapPolicy = policyOf(bootstrapObjects);
