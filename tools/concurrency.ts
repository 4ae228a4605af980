import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';

/** How many functions the account may run at the same time. Undefined where that is not told: an emulator, a right less. */
export async function accountConcurrency(): Promise<number | undefined> {
  try {
    const { AccountLimit } = await new LambdaClient({}).send(new GetAccountSettingsCommand({}));
    return AccountLimit?.ConcurrentExecutions;
  } catch {
    return undefined;
  }
}
