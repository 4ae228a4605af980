import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { callerArn } from '../../callerArn.ts';
import type { Check } from '../check.ts';

/** What deploying and proving ask for in the caller's own name; all else CloudFormation does with its role. */
const needed = [
  'sts:AssumeRole',
  'cloudformation:DescribeStacks',
  'lambda:InvokeFunction',
  'iam:CreateServiceLinkedRole',
  'dynamodb:UpdateTable',
  'logs:FilterLogEvents',
];

/** Whether the caller may do it. */
export const rights: Check = {
  name: 'rights',
  look: async () => {
    const { EvaluationResults = [] } = await new IAMClient({}).send(
      new SimulatePrincipalPolicyCommand({ PolicySourceArn: await callerArn(), ActionNames: needed }),
    );
    if (!EvaluationResults.length) throw new Error('IAM simulates nothing');
    const denied = EvaluationResults.flatMap(({ EvalDecision, EvalActionName }) =>
      EvalDecision === 'allowed' ? [] : [EvalActionName ?? ''],
    );
    if (!denied.length) return { verdict: 'good', says: `${needed.length} actions are allowed` };
    return { verdict: 'stops', says: `denied: ${denied.join(', ')}`, remedy: 'ask whoever gives you rights' };
  },
};
