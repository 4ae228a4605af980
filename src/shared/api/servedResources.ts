import type { ServedResource } from '../client/client.ts';
import { type Kind, resourceName } from '../kinds/kind.ts';
import type { Handle } from './http/message.ts';

/** The API with what it serves, for callers in the same process. */
export type ServedApi = Handle & Pick<Serving, 'resources'>;

interface Serving {
  /** Every resource of a logical cluster that has stored objects. The same array as long as nothing changes. */
  resources(cluster: string): Promise<readonly ServedResource[]>;
}

const known = new WeakMap<readonly Kind[], readonly ServedResource[]>();

/** The kinds that have stored objects of their own: neither reviews nor views of another kind's objects. */
export function storedResources(kinds: readonly Kind[]): readonly ServedResource[] {
  const found =
    known.get(kinds) ??
    kinds.filter(
      (kind) => !kind.virtual && (!kind.storedAs || kind.storedAs.resource === resourceName(kind)),
    );
  known.set(kinds, found);
  return found;
}
