import type { PersistentVolumeClaim, Pod } from '../../kinds/schema/types.ts';
import { claimNames } from '../persistentvolume/inUse.ts';

/** Claims by `namespace/name`. */
export type Claims = Map<string, PersistentVolumeClaim>;

/** Why a Pod cannot be placed anywhere before its claims are bound, in the scheduler's words; undefined when it can. */
export function unready(pod: Pod, claims: Claims): string | undefined {
  const names = claimNames(pod);
  for (const name of names) {
    const claim = claims.get(`${pod.metadata.namespace}/${name}`);
    if (!claim) return `persistentvolumeclaim "${name}" not found`;
    if (claim.status?.phase === 'Lost')
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim.spec?.volumeName}"`;
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`;
  }
  const isBound = (name: string) =>
    claims.get(`${pod.metadata.namespace}/${name}`)?.status?.phase === 'Bound';
  return names.every(isBound) ? undefined : 'pod has unbound immediate PersistentVolumeClaims';
}
