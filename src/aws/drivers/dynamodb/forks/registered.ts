import { ApiError } from '../../../../shared/errors/apiError.ts';
import { compareItems } from '../../../../shared/storage/log/keys.ts';
import { forkPlace, forksPlace, resourcePlace, textOf } from '../layout.ts';
import type { Table } from '../table.ts';
import { decodeFork, type Fork } from './record.ts';
import { forgetRequest, unregisterRequest } from './requests.ts';

/** What is written down of a logical cluster; undefined: it is no fork, and nobody means to drop it. */
export async function recordOf(table: Table, cluster: string): Promise<Fork | undefined> {
  const item = await table.get(forkPlace(cluster));
  return item && decodeFork(cluster, item);
}

/**
 * The fork that a logical cluster is, undefined when it is none: one read.
 *
 * @throws ServiceUnavailable while it is being made or dropped
 */
export async function forkToRead(table: Table, cluster: string): Promise<Fork | undefined> {
  const fork = await recordOf(table, cluster);
  if (!fork || fork.stage === 'plain') return undefined;
  if (fork.stage !== 'ready') throw notReady(cluster);
  return fork;
}

/** Throws when the fork is being dropped, or has been. */
export async function checkStillThere(table: Table, fork: Fork): Promise<void> {
  const now = await recordOf(table, fork.cluster);
  if (now?.id !== fork.id || now.stage !== 'ready') throw notReady(fork.cluster);
}

export const notReady = (cluster: string) =>
  new ApiError(
    'ServiceUnavailable',
    `the logical cluster ${JSON.stringify(cluster)} is being made or removed`,
    { details: { retryAfterSeconds: 1 } },
  );

/** Forks of a base that there are, being made and being dropped ones too, by name. What is left of others goes. */
export async function forksOf(table: Table, base: string): Promise<Fork[]> {
  const registered = await table.all({ pk: forksPlace(base, '').pk });
  const found = await Promise.all(
    registered.map(async (item) => {
      const [cluster, id] = [textOf(item, 'sk'), textOf(item, 'forkId')];
      const fork = await recordOf(table, cluster);
      if (fork?.id === id) return fork;
      await table.deleteIf(unregisterRequest(table.name, { cluster, base, id }));
      return undefined;
    }),
  );
  return found.filter((fork) => fork !== undefined).sort((a, b) => compareItems(a.cluster, b.cluster));
}

/** Gives up a fork that has not read anything yet. The record first: as long as it is there, others may register the fork. */
export async function withdraw(table: Table, fork: Fork): Promise<void> {
  await table.deleteIf(forgetRequest(table.name, fork, 'freezing'));
  const now = await recordOf(table, fork.cluster);
  if (now?.id !== fork.id) await table.deleteIf(unregisterRequest(table.name, fork));
}

/** Resources that a logical cluster has ever held. */
export const resourcesOf = async (table: Table, cluster: string): Promise<string[]> =>
  (await table.all({ pk: resourcePlace(cluster, '').pk })).map((item) => textOf(item, 'sk'));
