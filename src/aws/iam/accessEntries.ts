import { canonical } from './identity.ts';
import { isPolicy } from './policies.ts';

/**
 * As in EKS CreateAccessEntry and AssociateAccessPolicy; `kubernetesGroups` are groups of RBAC. `principalArn` may also
 * name a service account, `system:serviceaccount:<namespace>:<name>`.
 */
export interface AccessEntry {
  principalArn: string;
  username?: string;
  kubernetesGroups?: string[];
  type?: string;
  accessPolicies?: AccessPolicy[];
}

export interface AccessPolicy {
  policyArn: string;
  accessScope: AccessScope;
}

/** `clusters` are logical clusters, `*` all of them, also those to come; absent: only `default`. */
export type AccessScope = { clusters?: string[] } & (
  | { type: 'cluster' }
  | { type: 'namespace'; namespaces: string[] }
);

/** Reads a list of entries from JSON. Throws an error that says what is wrong and where: nothing may widen by mistake. */
export function parseAccessEntries(text: string): AccessEntry[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Error(`no JSON: ${(error as Error).message}`);
  }
  if (!Array.isArray(value)) throw new Error('not a list of access entries');
  for (const [i, entry] of value.entries()) {
    const problem = problemOf(entry ?? {});
    if (problem) throw new Error(`[${i}].${problem}`);
  }
  return value as AccessEntry[];
}

type Unknown = { [Name in keyof AccessEntry]?: unknown };

function problemOf({ principalArn, username, kubernetesGroups = [], type, accessPolicies = [] }: Unknown) {
  if (typeof principalArn !== 'string' || !isPrincipal(principalArn))
    return 'principalArn: no ARN of a role or user, nor a service account';
  if (type !== undefined && type !== 'STANDARD') return 'type: only STANDARD is known';
  if (username !== undefined && !isFree(username))
    return 'username: no name, or one that begins with a reserved prefix';
  if (!Array.isArray(kubernetesGroups) || !kubernetesGroups.every(isFree))
    return 'kubernetesGroups: no list of names, or one that begins with a reserved prefix';
  if (!Array.isArray(accessPolicies)) return 'accessPolicies: not a list';
  const wrong = accessPolicies.findIndex((policy) => !isAssociation(policy));
  return wrong < 0 ? undefined : `accessPolicies[${wrong}]: no known policyArn, or no accessScope`;
}

const isPrincipal = (text: string) => /^system:serviceaccount:[^:]+:[^:]+$/.test(text) || !!canonical(text);

/** Names that Kubernetes gives a meaning to cannot be had this way: that is what policies are for. */
const isFree = (name: unknown): name is string =>
  typeof name === 'string' && name !== '' && !/^(system|eks|aws|amazon|iam):/.test(name);

const areNames = (value: unknown): boolean =>
  Array.isArray(value) && value.every((name) => typeof name === 'string');

function isAssociation(
  policy: {
    policyArn?: unknown;
    accessScope?: { type?: unknown; namespaces?: unknown; clusters?: unknown };
  } | null,
) {
  if (typeof policy?.policyArn !== 'string' || !isPolicy(policy.policyArn)) return false;
  const { type, namespaces, clusters = ['default'] } = policy.accessScope ?? {};
  if (!areNames(clusters)) return false;
  return type === 'cluster' || (type === 'namespace' && areNames(namespaces));
}
