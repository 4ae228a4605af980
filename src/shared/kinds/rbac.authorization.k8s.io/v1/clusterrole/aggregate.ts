import { selects } from '../../../../meta/selects.ts';
import type { ClusterRole, LabelSelector, PolicyRule } from '../../../schema/types.ts';
import { isSame } from '../../../validation/same.ts';

/**
 * The rules that an aggregated ClusterRole gathers from others, each once, in the order of their names; undefined for one
 * that gathers nothing.
 */
export function aggregatedRules(role: ClusterRole, all: readonly ClusterRole[]): PolicyRule[] | undefined {
  const selectors = role.aggregationRule?.clusterRoleSelectors;
  if (!role.aggregationRule) return undefined;
  const others = all.filter(({ metadata }) => metadata.name !== role.metadata.name).sort(byName);
  const gathered: PolicyRule[] = [];
  for (const selector of selectors ?? [])
    for (const { metadata, rules } of others)
      if (isEmpty(selector) || selects(selector, metadata.labels))
        for (const rule of rules ?? [])
          if (!gathered.some((known) => isSame(known, rule))) gathered.push(rule);
  return gathered;
}

/** An empty selector selects every role here. */
const isEmpty = ({ matchLabels = {}, matchExpressions = [] }: LabelSelector) =>
  Object.keys(matchLabels).length === 0 && matchExpressions.length === 0;

const byName = (a: ClusterRole, b: ClusterRole) =>
  (a.metadata.name ?? '') < (b.metadata.name ?? '') ? -1 : 1;
