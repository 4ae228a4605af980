import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Check } from '../check.ts';

/** Whether the CDK has what it needs in the account and region. */
export const bootstrap: Check = {
  name: 'CDK bootstrap',
  look: async () => {
    const status = await statusOf('CDKToolkit');
    if (status?.endsWith('_COMPLETE') && !status.includes('DELETE'))
      return { verdict: 'good', says: 'it is there' };
    return { verdict: 'stops', says: status ?? 'it is not there', remedy: 'npx cdk bootstrap' };
  },
};

/** Undefined where there is no such stack. */
export async function statusOf(StackName: string): Promise<string | undefined> {
  try {
    const { Stacks } = await new CloudFormationClient({}).send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    if (/does not exist/.test((error as Error).message)) return undefined;
    throw error;
  }
}
