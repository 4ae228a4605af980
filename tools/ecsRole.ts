import { CreateServiceLinkedRoleCommand, IAMClient } from '@aws-sdk/client-iam';

/**
 * Makes the role that ECS works with, where the account has none yet: CloudFormation does not wait for it, so that the
 * first cluster of an account with Fargate's capacity providers fails. Answers why there may be none.
 */
export async function ensureEcsRole(): Promise<string | undefined> {
  try {
    await new IAMClient({}).send(new CreateServiceLinkedRoleCommand({ AWSServiceName: 'ecs.amazonaws.com' }));
    return undefined;
  } catch (error) {
    const { message } = error as Error;
    // As IAM says that it is there: InvalidInput, like other things.
    return /has been taken/.test(message) ? undefined : message;
  }
}
