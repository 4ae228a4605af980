import { hasForks } from '../../../shared/storage/log/errors.ts';
import { separator } from '../../../shared/storage/log/keys.ts';
import { firstRevision } from '../../../shared/storage/log/revision.ts';
import { headsOf, releaseFork } from './fork.ts';
import { clusterRange, type Tables } from './tables.ts';

/**
 * Removes all keys of a cluster, in the open transaction, and notes from where its revisions would go on. Throws Conflict
 * while it has forks.
 */
export function dropCluster(tables: Tables, cluster: string): void {
  const { spaces, current, owners, claims, log, bases, layers } = tables;
  const forks = layers.forksOf(cluster);
  if (forks.length) throw hasForks(cluster, forks);
  const range = clusterRange(cluster);
  let base = bases.get(cluster) ?? firstRevision;
  for (const [, head] of headsOf(tables, cluster)) base = Math.max(base, head + 1);
  for (const { key: space, value } of spaces.getRange(range)) {
    for (const key of log.getKeys({ start: [space, 0], end: [space, value[0] + 1] })) log.remove(key);
    spaces.remove(space);
  }
  for (const key of current.getKeys(range)) current.remove(key);
  for (const key of owners.getKeys(range)) owners.remove(key);
  for (const { key, value } of claims.getRange())
    if (value.startsWith(cluster + separator)) claims.remove(key);
  releaseFork(tables, cluster);
  bases.put(cluster, base);
}
