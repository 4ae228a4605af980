import { selects } from '../../../../meta/selects.ts';
import type { ClusterRole, LabelSelector, PolicyRule } from '../../../schema/types.ts';

/**
 * The rules that an aggregated ClusterRole gathers from others, each once, in the order of their names; undefined for one
 * that gathers nothing.
 */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] | undefined {
  const selectors = role.aggregationRule?.clusterRoleSelectors;
  if (!role.aggregationRule) return undefined;
  const others = all.filter(({ metadata }) => metadata.name !== role.metadata.name).sort(byName);
  const selected = new Set<ClusterRole>();
  for (const selector of selectors ?? [])
    for (const other of others)
      if (!selected.has(other) && (isEmpty(selector) || selects(selector, other.metadata.labels)))
        selected.add(other);
  const gathered = new Map<string, PolicyRule>();
  for (const { rules } of selected)
    for (const rule of rules ?? []) {
      const text = textOf(rule);
      if (!gathered.has(text)) gathered.set(text, rule);
    }
  return [...gathered.values()];
}

/** Is the same for rules that are: lists that are absent are empty. */
const textOf = ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): string =>
  JSON.stringify([verbs, apiGroups, resources, resourceNames, nonResourceURLs].map((list) => list ?? []));

/** An empty selector selects every role here. */
const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector) =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

const byName = (a: ClusterRole, b: ClusterRole) =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
