import { hasForks, writeFailed } from '../../../../shared/storage/log/errors.ts';
import type { Table } from '../table.ts';
import { decodeFork, type Fork } from './record.ts';
import { forksOf, recordOf, withdraw } from './registered.ts';
import { releaseNotes } from './releasing.ts';
import { forgetRequest, goneRequest, markRequest, unmarkRequest, unregisterRequest } from './requests.ts';

/**
 * Drops a logical cluster: says so before it looks for forks of it, takes away that it can be read as a fork, and has `empty`
 * remove what it wrote, resource by resource as that is called; then what its base kept for it. A drop that stopped half-way
 * is gone on with by the next.
 *
 * @throws Conflict while other clusters are forks of it
 */
export async function dropCluster(
  table: Table,
  cluster: string,
  empty: (isStillOurs: () => Promise<void>) => Promise<void>,
): Promise<void> {
  const dropper = table.ids.uid();
  const marked = await table.update(markRequest(table.name, cluster, dropper));
  // Whoever makes one that has not read anything yet begins anew, and finds the mark.
  for (const fork of await forksOf(table, cluster))
    if (fork.stage === 'freezing') await withdraw(table, fork);
  const forks = await forksOf(table, cluster);
  if (forks.length) {
    await unmark(table, decodeFork(cluster, marked!), dropper);
    throw hasForks(
      cluster,
      forks.map((fork) => fork.cluster),
    );
  }
  const gone = await table.update(goneRequest(table.name, cluster, dropper));
  if (!gone) throw overtaken();
  const fork = decodeFork(cluster, gone);
  // Whoever is late must not remove what a later cluster of the name writes.
  await empty(async () => {
    const now = await recordOf(table, cluster);
    if (now?.id !== fork.id || now.dropper !== dropper) throw overtaken();
  });
  if (fork.base) {
    await releaseNotes(table, fork);
    await table.deleteIf(unregisterRequest(table.name, fork));
  }
  await table.deleteIf(forgetRequest(table.name, fork, 'gone'));
}

const overtaken = () => writeFailed(new Error('somebody else drops the logical cluster'));

async function unmark(table: Table, { cluster, stage, id }: Fork, dropper: string): Promise<void> {
  // A record that only says who means to drop it; with another one's mark it has another id.
  if (stage === 'plain' && id === dropper)
    await table.deleteIf(forgetRequest(table.name, { cluster, id }, stage));
  await table.update(unmarkRequest(table.name, cluster, dropper));
}
