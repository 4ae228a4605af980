import { createHash } from 'node:crypto';
import { type Kind, resourceName } from '../../kinds/kind.ts';

/** Returns what is the same for all resources whose objects are stored as one version of one kind, computed as upstream does. */
export function storageVersionHash(kind: Kind, kinds: readonly Kind[]): string {
  const { group, version, storageVersion, kind: name } = storedKind(kind, kinds);
  const stored = `${group}/${storageVersion ?? version}/${name}`;
  return createHash('sha256').update(stored).digest().subarray(0, 8).toString('base64');
}

const storedKind = (kind: Kind, kinds: readonly Kind[]): Kind =>
  (kind.storedAs &&
    kinds.find((other) => !other.storedAs && resourceName(other) === kind.storedAs?.resource)) ??
  kind;
