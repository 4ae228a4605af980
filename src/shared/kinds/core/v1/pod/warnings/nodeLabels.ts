import { addAll } from '../../../../../meta/lists.ts';
import { table } from '../../../../../meta/table.ts';
import type { LabelSelector, NodeSelectorTerm, PodSpec } from '../../../../schema/types.ts';

/** Labels of nodes that have newer names. */
const renamed: Record<string, string> = table({
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'beta.kubernetes.io/instance-type':
    'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'failure-domain.beta.kubernetes.io/region':
    'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone':
    'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods':
    'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
});

/** Words about labels with newer names, in a selector of nodes. */
export const nodeLabelWarnings = (
  at: string,
  { matchLabels = {}, matchExpressions = [] }: LabelSelector = {},
): string[] => [
  ...matchExpressions.flatMap(({ key }, i) =>
    renamed[key] ? [`${at}.matchExpressions[${i}].key: ${key} is ${renamed[key]}`] : [],
  ),
  ...Object.keys(matchLabels).flatMap((key) =>
    renamed[key] ? [`${at}.matchLabels.${key}: ${renamed[key]}`] : [],
  ),
];

/** Returns a warning for each place that selects Nodes by a label that Kubernetes has renamed. */
export function labelWarnings(field: string, spec: PodSpec): string[] {
  const warnings: string[] = [];
  for (const key in spec.nodeSelector) {
    if (renamed[key]) warnings.push(`${field}.nodeSelector[${key}]: ${renamed[key]}`);
  }
  const affinity = spec.affinity?.nodeAffinity;
  const at = `${field}.affinity.nodeAffinity`;
  affinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms?.forEach((term, i) => {
    const where = `${at}.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[${i}]`;
    addAll(warnings, ofTerm(where, term));
  });
  affinity?.preferredDuringSchedulingIgnoredDuringExecution?.forEach(({ preference }, i) => {
    const where = `${at}.preferredDuringSchedulingIgnoredDuringExecution[${i}].preference`;
    addAll(warnings, ofTerm(where, preference));
  });
  spec.topologySpreadConstraints?.forEach(({ topologyKey, labelSelector }, i) => {
    const where = `${field}.topologySpreadConstraints[${i}]`;
    const why = renamed[topologyKey];
    if (why) warnings.push(`${where}.topologyKey: ${topologyKey} is ${why}`);
    if (!labelSelector) {
      warnings.push(`${where}.labelSelector: a null labelSelector results in matching no pod`);
    }
  });
  return warnings;
}

const ofTerm = (at: string, { matchExpressions }: NodeSelectorTerm = {}): string[] =>
  nodeLabelWarnings(at, { matchExpressions });
