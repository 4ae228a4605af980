import type { Reader } from './context.ts';

/** A table that was restored from a backup, instead of the deployment's own (docs/aws-restore.md). */
export interface RestoredTable {
  name: string;
  /** ARN of its stream, which `npm run deploy` looks up. */
  streamArn: string;
  /** ARN of the key that sealed it, where that is of a deployment that is gone. */
  keyArn?: string;
}

/** Reads it. Throws an error that names the key. */
export function readRestored(read: Reader): RestoredTable | undefined {
  const name = read.text('table');
  const keyArn = read.text('tableKey');
  if (!name) {
    if (keyArn) throw new Error('-c tableKey needs -c table');
    return undefined;
  }
  if (!/^[a-zA-Z0-9_.-]{3,255}$/.test(name)) throw new Error(`-c table is no name of a table: ${name}`);
  if (keyArn && !/^arn:[^:]+:kms:[^:]+:\d{12}:key\/\S+$/.test(keyArn))
    throw new Error(`-c tableKey is no ARN of a key: ${keyArn}`);
  return { name, streamArn: read.needed('tableStream', 'table'), ...(keyArn && { keyArn }) };
}
