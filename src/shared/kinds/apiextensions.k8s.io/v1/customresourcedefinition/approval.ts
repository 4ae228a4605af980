/** Groups of the Kubernetes community take definitions that its reviewers have approved. */
export const approvalAnnotation = 'api-approved.kubernetes.io';

/** Is what the condition KubernetesAPIApprovalPolicyConformant says of a definition in a protected group. */
export interface Approval {
  state: 'Missing' | 'Invalid' | 'Approved' | 'Bypassed';
  why: string;
}

/** Returns whether the group belongs to the Kubernetes project, which has to approve definitions in it. */
export const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group);

const see = 'see https://github.com/kubernetes/enhancements/pull/1111';

/** Judges the approval annotation: a URL approves, a text that begins with `unapproved` goes without approval. */
export function approvalOf(annotations: Record<string, string> = {}): Approval {
  const text = annotations[approvalAnnotation] ?? '';
  const must = `protected groups must have approval annotation ${JSON.stringify(approvalAnnotation)}`;
  if (!text) return { state: 'Missing', why: `${must}, ${see}` };
  if (text.startsWith('unapproved'))
    return { state: 'Bypassed', why: `not approved: ${JSON.stringify(text)}` };
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+/i.test(text)) return { state: 'Approved', why: `approved in ${text}` };
  return {
    state: 'Invalid',
    why: `${must} with either a URL or a reason starting with "unapproved", ${see}`,
  };
}

const reasons = {
  Missing: 'MissingAnnotation',
  Invalid: 'InvalidAnnotation',
  Approved: 'ApprovedAnnotation',
  Bypassed: 'UnapprovedAnnotation',
};

/** The condition that says so. */
export const approvalCondition = ({ state, why }: Approval) => ({
  type: 'KubernetesAPIApprovalPolicyConformant',
  status: state === 'Approved' ? 'True' : 'False',
  reason: reasons[state],
  message: why,
});
