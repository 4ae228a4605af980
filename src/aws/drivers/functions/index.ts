import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';

/**
 * Invokes a function and waits for its answer. Throws what the SDK throws (a throttle, a timeout), and an error when
 * the function ended with one or answered something else than JSON.
 */
export async function invoke(
  client: Pick<LambdaClient, 'send'>,
  FunctionName: string,
  event: object,
): Promise<unknown> {
  const { FunctionError, Payload } = await client.send(
    new InvokeCommand({ FunctionName, Payload: JSON.stringify(event) }),
  );
  const text = Buffer.from(Payload ?? []).toString();
  if (FunctionError) throw new Error(`${FunctionName} ended with an error: ${text}`);
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${FunctionName} answered no JSON: ${text.slice(0, 300)}`);
  }
}
