import { decodeBlob } from '../../../src/aws/drivers/dynamodb/blob.ts';
import { decodeEntry } from '../../../src/aws/drivers/dynamodb/records.ts';
import { logPrefix } from '../../../src/aws/drivers/dynamodb/streamRecords.ts';
import type { Change } from '../../../src/shared/ports/storage.ts';
import type { Item } from '../dynamodb/expressions.ts';

/**
 * The Pods that a history made, by name; `surplus`: those made although their ReplicaSet had as many as it ever wanted,
 * which two runs over the same observation would make if names were not derived from it. `log` is every log entry in
 * the order of its writing.
 */
export function podsMade(log: readonly Item[]): { all: string[]; surplus: string[] } {
  const wanted = new Map<string, number>();
  const active = new Map<string, Set<string>>();
  const made = { all: [] as string[], surplus: [] as string[] };
  for (const item of log) {
    const change = changeIn(item);
    if (!change) continue;
    const { metadata, spec, status } = JSON.parse(Buffer.from(change.object.value).toString());
    const { resource } = change.object.key;
    if (resource === 'replicasets.apps')
      wanted.set(metadata.uid, Math.max(wanted.get(metadata.uid) ?? 0, spec.replicas));
    if (resource !== 'pods') continue;
    const owner = metadata.ownerReferences?.[0]?.uid;
    const mine = active.get(owner) ?? new Set();
    active.set(owner, mine);
    const over =
      change.type === 'delete' || metadata.deletionTimestamp || /Failed|Succeeded/.test(status?.phase);
    if (over) mine.delete(metadata.uid);
    else mine.add(metadata.uid);
    if (change.previous) continue;
    made.all.push(metadata.name);
    if (mine.size > (wanted.get(owner) ?? 0)) made.surplus.push(metadata.name);
  }
  return made;
}

/** What a log entry tells; undefined for tombstones. */
export const changeIn = (item: Item): Change | undefined =>
  decodeEntry(item.pk!.S!.slice(logPrefix.length), item, decodeBlob(item, [])).change;
