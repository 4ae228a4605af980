import { resourceName } from '../kinds/kind.ts';
import { isComing, type Soon } from '../meta/soon.ts';
import type { Storage, Stored } from '../ports/storage.ts';
import { single } from '../storage/compiled/single.ts';
import type { Admission } from './plugin.ts';

type Read = (cluster: string, namespace: string, name: string) => Soon<Stored | undefined>;

const readers = new WeakMap<Storage, Read>();
/** Reads that are under way, or were. */
const known = new WeakMap<Admission, Promise<Stored | undefined>>();

/** The namespace of a request, read at most once for all plugins. Undefined when it is not there. */
export function namespaceRead(storage: Storage, admission: Admission): Soon<Stored | undefined> {
  const read = known.get(admission);
  if (read) return read;
  const found = readerOf(storage)(admission.cluster, '', namespaceName(admission));
  if (isComing(found)) known.set(admission, found);
  return found;
}

function readerOf(storage: Storage): Read {
  let reader = readers.get(storage);
  if (!reader) {
    reader = single(storage, 'namespaces', (stored) => stored);
    readers.set(storage, reader);
  }
  return reader;
}

/** The name of the namespace that a request is about something in; of a Namespace its own. Empty for other requests. */
export const namespaceName = ({ kind, namespace, name }: Admission): string =>
  namespace || (resourceName(kind) === 'namespaces' ? name : '');
