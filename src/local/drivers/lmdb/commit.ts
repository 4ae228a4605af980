import { writeFailed } from '../../../shared/storage/log/errors.ts';
import type { Root } from './environment.ts';

/**
 * Runs `operations`, which put and remove synchronously, as one transaction. Resolves when it is on disk; throws
 * ServiceUnavailable when it failed, and then nothing of it is there.
 */
export async function commit(root: Root, operations: () => void): Promise<void> {
  operations();
  // lmdb gathers the writes of this turn into one transaction. It makes two promises for it: one for the writes,
  // and, when the turn ends, one for their bracket, which nobody would catch if the commit failed.
  const writes = root.committed.then(() => undefined);
  const bracket = new Promise(setImmediate).then(() => root.committed.then(() => undefined));
  const failed = (await Promise.allSettled([writes, bracket])).find((r) => r.status === 'rejected');
  if (failed) throw writeFailed(await causeOf(failed.reason));
}

/** lmdb puts the reason of a failed commit into a further promise. */
const causeOf = async (error: unknown): Promise<unknown> => {
  const { commitError } = error as { commitError?: Promise<never> };
  return commitError ? commitError.catch((reason) => reason) : error;
};
