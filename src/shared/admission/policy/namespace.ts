import { notFound } from '../../errors/common.ts';
import type { AnyObject } from '../../meta/object.ts';
import type { Storage } from '../../ports/storage.ts';
import type { NamespaceLabels } from '../matching/index.ts';
import type { Admission } from '../plugin.ts';

/** The namespace of a request, read once; of a Namespace itself, as it is stored. */
export function namespaceOf(storage: Storage, { cluster, kind, namespace: own, name }: Admission) {
  const wanted = own || (kind.plural === 'namespaces' && kind.group === '' ? name : '');
  let found: Promise<AnyObject | undefined> | undefined;
  const namespace = () => {
    found ??= storage
      .get({ cluster, resource: 'namespaces', namespace: '', name: wanted })
      .then((stored) => stored && (JSON.parse(Buffer.from(stored.value).toString()) as AnyObject));
    return found;
  };
  const labels: NamespaceLabels = async () => {
    const there = await namespace();
    if (!there) throw notFound({ group: '', plural: 'namespaces', name: wanted });
    return there.metadata.labels;
  };
  return { namespace, labels };
}

/** What `namespaceObject` is: nothing for requests outside namespaces. */
export async function ownNamespace(
  { namespace }: Admission,
  find: () => Promise<AnyObject | undefined>,
): Promise<AnyObject | undefined> {
  if (!namespace) return undefined;
  const found = await find();
  if (!found) throw notFound({ group: '', plural: 'namespaces', name: namespace });
  return found;
}
