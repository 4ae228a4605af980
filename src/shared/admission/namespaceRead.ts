import { resourceName } from '../kinds/kind.ts';
import type { Storage, Stored } from '../ports/storage.ts';
import type { Admission } from './plugin.ts';

const known = new WeakMap<Admission, Promise<Stored | undefined>>();

/** The namespace of a request, read once for all plugins. Undefined when it is not there. */
export function namespaceRead(storage: Storage, admission: Admission): Promise<Stored | undefined> {
  const { cluster } = admission;
  const name = namespaceName(admission);
  const found = known.get(admission) ?? storage.get({ cluster, resource: 'namespaces', namespace: '', name });
  known.set(admission, found);
  return found;
}

/** The name of the namespace that a request is about something in; of a Namespace its own. Empty for other requests. */
export const namespaceName = ({ kind, namespace, name }: Admission): string =>
  namespace || (resourceName(kind) === 'namespaces' ? name : '');
