import { checkFormat, type FormatOptions, NewerFormat } from './drivers/dynamodb/format.ts';
import type { DynamoClient } from './drivers/dynamodb/sender.ts';

/**
 * Refuses a table that a newer version has written: every request throws its format by name, before anything is read or
 * written. A process asks once, by one read, and again only after one that failed.
 */
export function ofKnownFormat(client: DynamoClient, options: Omit<FormatOptions, 'client'>): DynamoClient {
  let known: Promise<void> | undefined;
  const check = () => {
    known ??= checkFormat({ client, ...options }).catch((error: unknown) => {
      if (!(error instanceof NewerFormat)) known = undefined;
      throw error;
    });
    return known;
  };
  const send = async (...request: Parameters<DynamoClient['send']>) => {
    await check();
    return client.send(...request);
  };
  return { send: send as DynamoClient['send'] };
}
