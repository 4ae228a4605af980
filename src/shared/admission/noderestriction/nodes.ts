import type { Node } from '../../kinds/schema/types.ts';
import { isSame } from '../../kinds/validation/same.ts';
import { ownValue } from '../../meta/table.ts';
import type { Problem } from './index.ts';

/** A node writes itself, without what would steer Pods to it. */
export const nodeProblem: Problem = ({ node, admission }) => {
  const { operation, name, object, old } = admission;
  if (name !== node)
    return `node ${JSON.stringify(node)} is not allowed to modify node ${JSON.stringify(name)}`;
  const after = object as Node | undefined;
  const before = old as Node | undefined;
  const who = `node ${JSON.stringify(node)}`;
  if (operation === 'CREATE') {
    if (after?.spec?.configSource) return `${who} is not allowed to create pods with a non-nil configSource`;
    const labels = forbidden(after?.metadata.labels, {});
    return labels && `${who} is not allowed to set the following labels: ${labels}`;
  }
  if (operation !== 'UPDATE') return undefined;
  const { spec, metadata } = after ?? {};
  if (spec?.configSource && !isSame(spec.configSource, before?.spec?.configSource))
    return `${who} is not allowed to update configSource to a new non-nil configSource`;
  if (!isSame(spec?.taints ?? [], before?.spec?.taints ?? []))
    return `${who} is not allowed to modify taints`;
  if (!isSame(metadata?.ownerReferences ?? [], before?.metadata.ownerReferences ?? []))
    return `${who} is not allowed to modify ownerReferences`;
  const labels = forbidden(metadata?.labels, before?.metadata.labels);
  return labels && `is not allowed to modify labels: ${labels}`;
};

type Labels = Record<string, string>;

/** Labels that differ and that a kubelet has no business with, in a row; undefined for none. */
function forbidden(after: Labels = {}, before: Labels = {}): string | undefined {
  const changed = [...new Set([...Object.keys(after), ...Object.keys(before)])].filter(
    (label) => ownValue(after, label) !== ownValue(before, label),
  );
  return changed.filter(isForbidden).sort().join(', ') || undefined;
}

function isForbidden(label: string): boolean {
  const [space = '', name] = label.split('/');
  const within = (domain: string) => name !== undefined && (space === domain || space.endsWith(`.${domain}`));
  if (within('node-restriction.kubernetes.io')) return true;
  return (within('kubernetes.io') || within('k8s.io')) && !isOfKubelet(label, within);
}

const ofKubelet = new Set([
  'kubernetes.io/hostname',
  'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region',
  'beta.kubernetes.io/instance-type',
  'node.kubernetes.io/instance-type',
  'kubernetes.io/os',
  'kubernetes.io/arch',
  'beta.kubernetes.io/os',
  'beta.kubernetes.io/arch',
]);

const isOfKubelet = (label: string, within: (domain: string) => boolean): boolean =>
  ofKubelet.has(label) || within('kubelet.kubernetes.io') || within('node.kubernetes.io');
