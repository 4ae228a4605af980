import { notFound } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Storage } from '../../ports/storage.ts';
import type { NamespaceLabels } from '../matching/index.ts';
import { namespaceName, namespaceRead } from '../namespaceRead.ts';
import type { Admission } from '../plugin.ts';

/** The namespace of a request, read and parsed once; of a Namespace itself, as it is stored. */
export function namespaceOf(storage: Storage, admission: Admission) {
  let found: Promise<AnyObject | undefined> | undefined;
  const read = async () => {
    const stored = await namespaceRead(storage, admission);
    return stored && (JSON.parse(Buffer.from(stored.value).toString()) as AnyObject);
  };
  const namespace = () => {
    found ??= read();
    return found;
  };
  const labels: NamespaceLabels = async () => {
    const there = await namespace();
    if (!there) throw notFound({ group: '', plural: 'namespaces', name: namespaceName(admission) });
    return there.metadata.labels;
  };
  return { namespace, labels };
}

/** Returns what `namespaceObject` is: nothing for requests outside namespaces. */
export async function ownNamespace(
  { namespace }: Admission,
  find: () => Promise<AnyObject | undefined>,
): Promise<AnyObject | undefined> {
  if (!namespace) return undefined;
  const found = await find();
  if (!found) throw notFound({ group: '', plural: 'namespaces', name: namespace });
  return found;
}
