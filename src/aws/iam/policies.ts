import { bootstrapPolicy } from '../../shared/auth/rbac/bootstrap/index.ts';
import type { PolicyRule } from '../../shared/kinds/schema/types.ts';
import { table } from '../../shared/meta/table.ts';

/** Describes what an access policy grants. */
export interface Policy {
  resources: readonly PolicyRule[];
  /** Only with the whole cluster as its scope. */
  paths: readonly PolicyRule[];
}

/** Kubernetes' own role for people, as every cluster begins with it: what somebody makes of it there does not count. */
const role = (name: string): Policy => ({
  resources: (
    bootstrapPolicy.rulesOf({ apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name }, '') ?? []
  ).filter(({ resources }) => resources?.length),
  paths: [],
});

const everything = (...verbs: string[]): PolicyRule[] => [{ verbs, apiGroups: ['*'], resources: ['*'] }];
const everyPath = (...verbs: string[]): PolicyRule[] => [{ verbs, nonResourceURLs: ['*'] }];

const policies: Record<string, Policy> = table({
  AmazonEKSClusterAdminPolicy: { resources: everything('*'), paths: everyPath('*') },
  AmazonEKSAdminPolicy: role('admin'),
  AmazonEKSEditPolicy: role('edit'),
  AmazonEKSViewPolicy: role('view'),
  AmazonEKSAdminViewPolicy: { resources: everything('get', 'list', 'watch'), paths: everyPath('get') },
});

const nameOf = (arn: string) => /^arn:[\w-]+:eks::aws:cluster-access-policy\/(\w+)$/.exec(arn)?.[1] ?? '';

/** `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy` */
export const policyOf = (arn: string): Policy | undefined => {
  const name = nameOf(arn);
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
};

export const isPolicy = (arn: string): boolean => policyOf(arn) !== undefined;
