import { checkFormat, type FormatOptions, NewerFormat, packedFormat } from './drivers/dynamodb/format.ts';
import type { DynamoClient } from './drivers/dynamodb/sender.ts';

/** A client of a table whose format is asked for before anything else. */
export interface KnownTable extends DynamoClient {
  /** Says whether the table has the format in which log entries are packed; false before the first request. */
  packs(): boolean;
  /** Returns the format that was found; 0 before the first request. */
  format(): number;
}

/**
 * Refuses a table that a newer version has written: every request throws its format by name, before anything is read or
 * written. A process asks once, by one read, and again only after one that failed.
 */
export function ofKnownFormat(client: DynamoClient, options: Omit<FormatOptions, 'client'>): KnownTable {
  let known: Promise<number> | undefined;
  let format = 0;
  const check = () => {
    known ??= checkFormat({ client, ...options }).catch((error: unknown) => {
      if (!(error instanceof NewerFormat)) known = undefined;
      throw error;
    });
    return known;
  };
  const send = async (...request: Parameters<DynamoClient['send']>) => {
    format = await check();
    return client.send(...request);
  };
  return { send: send as DynamoClient['send'], packs: () => format >= packedFormat, format: () => format };
}
