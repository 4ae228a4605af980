import type { KubeObject } from '../kube/objects.ts';
import { type Header, readSnapshot } from './file.ts';

export interface Owner {
  apiVersion: string;
  kind: string;
  name: string;
  uid: string;
}

/** Is what a whole snapshot is about. */
export interface Survey {
  header: Header;
  objects: number;
  /** Uids of all objects in it, but those that nothing in it keeps. */
  uids: ReadonlySet<string>;
}

/** Reads a snapshot to its end, so that one which is broken changes nothing. */
export async function survey(path: string): Promise<Survey> {
  const lines = readSnapshot(path);
  const header = (await lines.next()).value as Header;
  const owners = new Map<string, string[]>();
  let objects = 0;
  for await (const line of lines) {
    const object = line as KubeObject;
    if (!object.apiVersion || !object.kind || !object.metadata?.name || !object.metadata.uid)
      throw new Error(
        `${path} is not a complete snapshot of a cluster: line ${objects + 2} is not an object`,
      );
    owners.set(
      object.metadata.uid,
      ownersOf(object).map(({ uid }) => uid),
    );
    objects++;
  }
  return { header, objects, uids: kept(owners) };
}

export const ownersOf = ({ metadata }: KubeObject): Owner[] => (metadata.ownerReferences ?? []) as Owner[];

/** What only belongs to objects that are not taken over would be collected as garbage: it is not taken over either. */
export function kept(owners: ReadonlyMap<string, string[]>): Set<string> {
  const uids = new Set(owners.keys());
  for (let last = -1; last !== uids.size; ) {
    last = uids.size;
    for (const uid of uids) {
      const its = owners.get(uid)!;
      if (its.length && !its.some((owner) => uids.has(owner))) uids.delete(uid);
    }
  }
  return uids;
}
