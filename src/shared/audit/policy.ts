/** Policies of the group audit.k8s.io: which requests are written down, and how much of each. */
import type { Attributes } from '../auth/authorize.ts';

export const levels = ['None', 'Metadata', 'Request', 'RequestResponse'] as const;
export const stages = ['RequestReceived', 'ResponseStarted', 'ResponseComplete', 'Panic'] as const;
export type Level = (typeof levels)[number];
export type Stage = (typeof stages)[number];

export interface Policy {
  omitStages?: Stage[];
  omitManagedFields?: boolean;
  rules: Rule[];
}

export interface Rule {
  level: Level;
  users?: string[];
  userGroups?: string[];
  verbs?: string[];
  resources?: { group?: string; resources?: string[]; resourceNames?: string[] }[];
  /** Empty: whatever is in no namespace. */
  namespaces?: string[];
  nonResourceURLs?: string[];
  omitStages?: Stage[];
  omitManagedFields?: boolean;
}

/** Describes what is written down of one request. */
export interface Account {
  level: Level;
  omitStages: ReadonlySet<Stage>;
  omitManagedFields: boolean;
}

/** Returns what the first rule that matches says; what none matches is not written down. */
export function accountOf(policy: Policy, attributes: Attributes): Account {
  const rule = policy.rules.find((each) => matches(each, attributes));
  return {
    level: rule?.level ?? 'None',
    omitStages: new Set([...(policy.omitStages ?? []), ...(rule?.omitStages ?? [])]),
    omitManagedFields: rule?.omitManagedFields ?? policy.omitManagedFields ?? false,
  };
}

function matches(rule: Rule, attributes: Attributes): boolean {
  const { user, verb, resource, namespace = '', path } = attributes;
  const isOne = (list: readonly string[] | undefined, ...values: string[]) =>
    !list?.length || values.some((value) => list.includes(value));
  if (!isOne(rule.users, user.name) || !isOne(rule.userGroups, ...user.groups)) return false;
  if (!isOne(rule.verbs, verb)) return false;
  if (rule.namespaces?.length || rule.resources?.length)
    return resource !== undefined && isOne(rule.namespaces, namespace) && matchesResource(rule, attributes);
  if (rule.nonResourceURLs?.length)
    return resource === undefined && rule.nonResourceURLs.some((each) => isPath(path, each));
  return true;
}

const isPath = (path: string, wanted: string): boolean =>
  wanted === '*' || wanted === path || (wanted.endsWith('*') && path.startsWith(wanted.replace(/\*+$/, '')));

function matchesResource({ resources }: Rule, { resource, name = '' }: Attributes): boolean {
  if (!resources?.length) return true;
  const { group: ofRequest = '', plural = '', subresource } = resource ?? {};
  const whole = subresource ? `${plural}/${subresource}` : plural;
  const isIt = (wanted: string) =>
    wanted === whole ||
    wanted === '*' ||
    (subresource !== undefined && wanted === `*/${subresource}`) ||
    wanted === `${plural}/*`;
  return resources.some(
    ({ group = '', resources: list = [], resourceNames = [] }) =>
      group === ofRequest &&
      (list.length === 0 ||
        ((resourceNames.length === 0 || resourceNames.includes(name)) && list.some(isIt))),
  );
}
