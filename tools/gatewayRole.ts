import { APIGatewayClient, GetAccountCommand } from '@aws-sdk/client-api-gateway';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';

/**
 * Whether a deployment is to give API Gateway the role for its logs, of which an account has one in a region: not where
 * there is another one, which would be replaced, and be gone with the deployment. Undefined where that is not told.
 */
export async function makesGatewayRole(deployment: string): Promise<boolean | undefined> {
  try {
    const { cloudwatchRoleArn } = await new APIGatewayClient({}).send(new GetAccountCommand({}));
    const name = cloudwatchRoleArn?.split('/').at(-1);
    // CloudFormation names roles by their stack and logical id.
    if (!name || name.startsWith(`shallop-${deployment}-ApiLogRole`)) return true;
    return !(await isThere(name));
  } catch {
    return undefined;
  }
}

/** API Gateway goes on naming a role that was deleted. */
async function isThere(RoleName: string): Promise<boolean> {
  try {
    await new IAMClient({}).send(new GetRoleCommand({ RoleName }));
    return true;
  } catch (error) {
    if ((error as Error).name === 'NoSuchEntityException') return false;
    throw error;
  }
}
