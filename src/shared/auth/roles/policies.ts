import { table } from '../../meta/table.ts';
import type { PathRule, ResourceRule } from './rules.ts';
import { admin, adminView, clusterAdmin, edit, view } from './userRoles.ts';

/** What an access policy grants. */
export interface Policy {
  resources: readonly ResourceRule[];
  /** Only with the whole cluster as its scope. */
  paths: readonly PathRule[];
}

const everyPath: PathRule[] = [{ verbs: ['*'], nonResourceURLs: ['*'] }];
const readPaths: PathRule[] = [{ verbs: ['get'], nonResourceURLs: ['*'] }];

const policies: Record<string, Policy> = table({
  AmazonEKSClusterAdminPolicy: { resources: clusterAdmin, paths: everyPath },
  AmazonEKSAdminPolicy: { resources: admin, paths: [] },
  AmazonEKSEditPolicy: { resources: edit, paths: [] },
  AmazonEKSViewPolicy: { resources: view, paths: [] },
  AmazonEKSAdminViewPolicy: { resources: adminView, paths: readPaths },
});

const nameOf = (arn: string) => /^arn:[\w-]+:eks::aws:cluster-access-policy\/(\w+)$/.exec(arn)?.[1] ?? '';

/** `arn:aws:eks::aws:cluster-access-policy/AmazonEKSViewPolicy` */
export const policyOf = (arn: string): Policy | undefined => {
  const name = nameOf(arn);
  return Object.hasOwn(policies, name) ? policies[name] : undefined;
};

export const isPolicy = (arn: string): boolean => policyOf(arn) !== undefined;
