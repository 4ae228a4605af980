import type { Cause } from '../../../../../errors/apiError.ts';
import type { Container } from '../../../../schema/types.ts';
import { notSupported, required } from '../../../../validation/causes.ts';

const policies = ['Always', 'Never', 'OnFailure'];
const operators = ['In', 'NotIn'];

/** A container's own restart policy, with rules by exit code. */
export function validRestartPolicy(at: string, container: Container): Cause[] {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container;
  const field = `${at}.restartPolicy`;
  const causes: Cause[] = [];
  if (policy === undefined) {
    if (rules.length > 0) {
      causes.push(required(field, 'must specify restartPolicy when restart rules are used'));
    }
  } else if (!policies.includes(policy)) {
    causes.push(notSupported(field, policy, policies));
  }
  for (const [i, { action, exitCodes }] of rules.entries()) {
    const rule = `${at}.restartPolicyRules[${i}]`;
    if (action !== 'Restart') causes.push(notSupported(`${rule}.action`, action ?? '', ['Restart']));
    if (!exitCodes) causes.push(required(`${rule}.exitCodes`, 'must be specified'));
    else if (!operators.includes(exitCodes.operator ?? '')) {
      causes.push(notSupported(`${rule}.exitCodes.operator`, exitCodes.operator ?? '', operators));
    }
  }
  return causes;
}
