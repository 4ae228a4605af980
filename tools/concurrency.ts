import {
  GetAccountSettingsCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { canReserve } from '../infra/concurrency.ts';
import { functionName } from '../src/aws/names.ts';

export interface Concurrency {
  /** How many functions the account may run at the same time. */
  concurrency?: number;
  /** Whether controllers may keep executions for themselves; undefined where that is not told. */
  reserve?: boolean;
}

/** What the account allows. Empty where that is not told: an emulator, a right less. */
export async function accountConcurrency(deployment: string): Promise<Concurrency> {
  const client = new LambdaClient({});
  try {
    const { AccountLimit = {} } = await client.send(new GetAccountSettingsCommand({}));
    const { ConcurrentExecutions: concurrency, UnreservedConcurrentExecutions: unreserved } = AccountLimit;
    if (concurrency === undefined) return {};
    if (unreserved === undefined) return { concurrency };
    // What an earlier deployment under this name reserved is not among the unreserved, and stays.
    const reserve = canReserve(concurrency, unreserved) || (await hasReserved(client, deployment));
    return { concurrency, reserve };
  } catch {
    return {};
  }
}

async function hasReserved(client: LambdaClient, deployment: string): Promise<boolean> {
  const FunctionName = functionName(deployment, 'route');
  return client.send(new GetFunctionConcurrencyCommand({ FunctionName })).then(
    ({ ReservedConcurrentExecutions }) => ReservedConcurrentExecutions !== undefined,
    () => false,
  );
}
