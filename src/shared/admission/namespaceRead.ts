import type { Storage, Stored } from '../ports/storage.ts';
import type { Admission } from './plugin.ts';

const known = new WeakMap<Admission, Promise<Stored | undefined>>();

/** The namespace that a request is about something in: read once for all plugins. Undefined when it is not there. */
export function namespaceRead(storage: Storage, admission: Admission): Promise<Stored | undefined> {
  const { cluster, namespace } = admission;
  const found =
    known.get(admission) ?? storage.get({ cluster, resource: 'namespaces', namespace: '', name: namespace });
  known.set(admission, found);
  return found;
}
