import type { Soon } from '../../meta/soon.ts';
import type { Key, Storage, Stored } from '../../ports/storage.ts';

/** Objects that are remembered, and their bytes as they are stored; beyond that all are forgotten. */
const most = 1000;
const mostBytes = 1 << 20;

interface Seen<T> {
  /** The head of the resource before and after the object was read: while it stands there, nothing has changed. */
  head: string;
  value: T;
  bytes: number;
}

/**
 * Reads single objects that are asked for again and again while their resource hardly ever changes, such as the namespace
 * of each write. As fresh as a read: what was acknowledged before shows. Where the driver knows the head at once and it has
 * not moved, the answer is there at once too. Others must not change what `read` makes of an object.
 */
export function single<T>(
  storage: Pick<Storage, 'get' | 'head' | 'knowsHeads'>,
  resource: string,
  read: (stored: Stored) => T,
): (cluster: string, namespace: string, name: string) => Soon<T | undefined> {
  const seen = new Map<string, Seen<T>>();
  let bytes = 0;
  const forget = (id: string) => {
    bytes -= seen.get(id)?.bytes ?? 0;
    seen.delete(id);
  };
  const remember = (id: string, one: Seen<T>) => {
    forget(id);
    if (seen.size >= most || bytes + one.bytes > mostBytes) {
      seen.clear();
      bytes = 0;
    }
    if (one.bytes > mostBytes) return;
    seen.set(id, one);
    bytes += one.bytes;
  };
  /** Undefined where somebody would have to be asked, which costs as much as the object itself. */
  const headOf = (cluster: string) => (storage.knowsHeads ? storage.head(cluster, resource) : undefined);
  const load = async (key: Key, head: Soon<string> | undefined, id: string) => {
    const stored = await storage.get(key);
    if (!stored) return undefined;
    const value = read(stored);
    if (typeof head !== 'string' || headOf(key.cluster) !== head) return value;
    remember(id, { head, value, bytes: stored.value.length });
    return value;
  };
  return (cluster, namespace, name) => {
    const head = headOf(cluster);
    const id = `${cluster}/${namespace}/${name}`;
    const known = seen.get(id);
    if (known && known.head === head) return known.value;
    forget(id);
    return load({ cluster, resource, namespace, name }, head, id);
  };
}
