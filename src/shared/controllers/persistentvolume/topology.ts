import type { Node, PersistentVolume, StorageClass } from '../../kinds/schema/types.ts';
import { anyTermMatches } from '../scheduler/plugins/nodeAffinity.ts';

/** Returns whether Pods on the Node can mount the volume. */
export function isReachable({ spec }: PersistentVolume, node: Node): boolean {
  const terms = spec?.nodeAffinity?.required?.nodeSelectorTerms;
  return !terms || anyTermMatches(terms, node);
}

/**
 * Returns whether claims of the class get their volume only when a Node has been chosen for the first Pod that mounts
 * them.
 */
export const waitsForConsumer = (storageClass: StorageClass | undefined): boolean =>
  storageClass?.volumeBindingMode === 'WaitForFirstConsumer';
