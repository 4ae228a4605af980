import { resourceName } from '../kinds/kind.ts';
import type { Reader } from './client.ts';

/**
 * Reads what it has read once no second time, for as long as it lives: for the changes of one batch, all of which
 * happened before the first read.
 */
export function readOnce(client: Reader): Reader {
  const known = new Map<string, Promise<unknown>>();
  const once = <T>(key: unknown[], read: () => Promise<T>): Promise<T> => {
    const id = JSON.stringify(key);
    const found = known.get(id) ?? read();
    known.set(id, found);
    return found as Promise<T>;
  };
  return {
    get: (resource, namespace, name) =>
      once(['get', resourceName(resource), namespace, name], () => client.get(resource, namespace, name)),
    list: (resource, query) =>
      once(['list', resourceName(resource), query], () => client.list(resource, query)),
    owned: (uid) => once(['owned', uid], () => client.owned(uid)),
    resources: () => once(['resources'], () => client.resources()),
  };
}
